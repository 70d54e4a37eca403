// SPDX-License-Identifier: Apache-2.0
// A receipt printer on the wire: our service and driver on one side, the virtual printer on the
// other.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/device_host.h"
#include "peripherals/host/device_list.h"
#include "peripherals/virtual/printer_server.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"
#include "peripherals/xfs/ticket_form.h"
#include "tests/peripherals/host/waiting.h"
#include "tests/support/json_schema.h"

using namespace guichet;
using namespace guichet::host;
using namespace guichet::virtualdevices;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// The payload of a message against the standard's schema.
bool standard(const std::string& name, const std::string& type, const json& payload)
{
    const auto file = name + (type == "completion" ? ".completion.json" : ".event.json");
    std::ifstream stream(GUICHET_TEST_DATA "/xfs4iot/" + file);
    INFO(file);
    REQUIRE(stream);
    const json document = json::parse(stream);
    json header{{"type", type}, {"name", name}, {"version", "3.0"}, {"requestId", 1}};
    if (type == "completion") {
        header["completionCode"] = "success";
    }
    const json message{{"header", header}, {"payload", payload}};
    return test::fitsSchema(document, message);
}

/// guichet-devices with one receipt printer, and that printer.
class Kiosk {
public:
    explicit Kiosk(std::string_view settings)
        : m_folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(m_folder);
        auto started = PrinterServer::start({{"127.0.0.1", 0}, {}}, std::make_unique<BoxGlyphs>());
        REQUIRE(started);
        m_printer = std::move(*started);
        m_printer->fitPresenter(true);
        const auto file = (m_folder / "devices.toml").string();
        std::ofstream(file)
            << "[receiptprinter]\ndriver = \"escpos\"\nconnection = \"tcp:127.0.0.1:"
            << m_printer->port() << "\"\n"
            << settings;
        auto opened = ConfigFile::open(file);
        REQUIRE(opened);
        const auto terminal = readTerminal(std::move(*opened), {.data = m_folder});
        INFO((terminal ? std::string() : terminal.error().detail));
        REQUIRE(terminal);
        DeviceHostConfig config;
        config.ports = {0};
        config.data = m_folder;
        ServedDeviceConfig device{.deviceClass = DeviceClass::ReceiptPrinter, .helper = {}};
        device.printer = terminal->devices.front().printer;
        device.helper.name = "receiptprinter";
        device.helper.command = {GUICHET_BIN_DIR "/guichet-devices",
                                 "--helper",
                                 "receiptprinter",
                                 "--config",
                                 file,
                                 "--data",
                                 m_folder.string()};
        config.devices.push_back(std::move(device));
        auto host = DeviceHost::start(std::move(config), m_clock);
        REQUIRE(host);
        m_host = std::move(*host);
        m_client = xfs::Client::find("127.0.0.1", m_host->port(), "receiptprinter",
                                     {{},
                                      [this](const json& status) { m_statuses.put(status); },
                                      [this](std::string_view name, const json& payload) {
                                          m_unsolicited.put({std::string(name), payload});
                                      }});
        waitForMedia("notPresent");
    }
    ~Kiosk()
    {
        m_client.reset();
        m_host.reset();
        std::filesystem::remove_all(m_folder);
    }
    Kiosk(const Kiosk&) = delete;
    Kiosk& operator=(const Kiosk&) = delete;

    /// Waits until the status says so, with the printer on-line.
    void waitForMedia(const std::string& media)
    {
        for (json status = m_client->status();; status = m_statuses.take()) {
            if (status.value(json::json_pointer("/printer/media"), "") == media &&
                status.value(json::json_pointer("/common/device"), "") == "online") {
                return;
            }
        }
    }
    xfs::Completion call(const std::string& name, const json& payload)
    {
        auto end = m_client->call(name, payload, 30s, [this](std::string_view event, const json&) {
            m_events.emplace_back(event);
        });
        REQUIRE(end);
        INFO(name << ": " << end->errorDescription);
        CHECK(standard(name, "completion", end->payload));
        return *end;
    }
    xfs::Completion print(const std::string& ticketId)
    {
        xfs::TicketForm form;
        form.ticketId = ticketId;
        form.number = "A012";
        return call("Printer.PrintForm",
                    {{"formName", xfs::kTicketForm}, {"fields", xfs::ticketFields(form)}});
    }
    /// The next unsolicited message but those about the roll.
    std::pair<std::string, json> unsolicited()
    {
        for (;;) {
            auto message = m_unsolicited.take();
            CHECK(standard(message.first, "unsolicited", message.second));
            if (message.first != "Printer.PaperThresholdEvent") {
                return message;
            }
        }
    }
    PaperPlace place() const { return m_printer->tickets().back().place; }
    PrinterServer& printer() { return *m_printer; }
    xfs::Client& client() { return *m_client; }
    const std::vector<std::string>& events() const { return m_events; }

private:
    std::filesystem::path m_folder;
    SystemClock m_clock;
    std::unique_ptr<PrinterServer> m_printer;
    std::unique_ptr<DeviceHost> m_host;
    test::Inbox<json> m_statuses;
    test::Inbox<std::pair<std::string, json>> m_unsolicited;
    std::vector<std::string> m_events;
    std::unique_ptr<xfs::Client> m_client;
};

constexpr auto kPresenter = "profile = \"custom-presenter\"\nretract_after_s = 0\n";
constexpr auto kImpatient = "profile = \"custom-presenter\"\nretract_after_s = 1\n";

} // namespace

TEST_CASE("presenter: a ticket is held out, and taken when the customer takes it")
{
    Kiosk kiosk(kPresenter);
    REQUIRE(kiosk.print("t").ok());
    CHECK(kiosk.events() == std::vector<std::string>{"Printer.MediaPresentedEvent"});
    CHECK(kiosk.place() == PaperPlace::HeldOut);
    kiosk.waitForMedia("present");
    CHECK(kiosk.printer().take() == 1);
    CHECK(kiosk.unsolicited().first == "Printer.MediaTakenEvent");
    kiosk.waitForMedia("notPresent");
}

TEST_CASE("presenter: what nobody takes is taken back in time, and never called taken")
{
    Kiosk kiosk(kImpatient);
    REQUIRE(kiosk.print("t").ok());
    const auto [name, payload] = kiosk.unsolicited();
    CHECK(name == "Printer.MediaAutoRetractedEvent");
    CHECK(payload["result"] == "transport");
    CHECK(kiosk.place() == PaperPlace::Retracted);
    kiosk.waitForMedia("retracted");
    CHECK(kiosk.printer().take() == 0);
}

TEST_CASE("presenter: a client takes back and holds out what it wants to")
{
    Kiosk kiosk(kPresenter);
    CHECK(kiosk.call("Printer.RetractMedia", json::object()).errorCode() == "noMediaPresent");
    REQUIRE(kiosk.print("t").ok());
    SECTION("taken back")
    {
        const auto end = kiosk.call("Printer.RetractMedia", {{"mediaControl", "transport"}});
        CHECK(end.ok());
        CHECK(end.payload["result"] == "transport");
        CHECK(kiosk.place() == PaperPlace::Retracted);
        kiosk.waitForMedia("retracted");
    }
    SECTION("taken back by ControlMedia")
    {
        CHECK(kiosk.call("Printer.ControlMedia", {{"mediaControl", {{"move", "retract"}}}}).ok());
        CHECK(kiosk.place() == PaperPlace::Retracted);
    }
    SECTION("pushed out")
    {
        CHECK(kiosk.call("Printer.ControlMedia", {{"mediaControl", {{"move", "expel"}}}}).ok());
        CHECK(kiosk.place() == PaperPlace::Expelled);
        kiosk.waitForMedia("notPresent");
    }
    SECTION("pushed out by a reset")
    {
        CHECK(kiosk.call("Printer.Reset", {{"mediaControl", "expel"}}).ok());
        CHECK(kiosk.place() == PaperPlace::Expelled);
    }
    SECTION("printed raw, cut and held out")
    {
        CHECK(kiosk.call("Printer.PrintRaw", {{"data", toBase64(asBytes("raw\n"))}}).ok());
        CHECK(kiosk
                  .call("Printer.ControlMedia",
                        {{"mediaControl", {{"cut", true}, {"move", "eject"}}}})
                  .ok());
        CHECK(kiosk.printer().tickets().size() == 2);
        CHECK(kiosk.place() == PaperPlace::HeldOut);
        CHECK(kiosk.events().size() == 2);
    }
}

TEST_CASE("presenter: the next ticket pushes out the one before it")
{
    Kiosk kiosk(kPresenter);
    REQUIRE(kiosk.print("first").ok());
    kiosk.waitForMedia("present");
    REQUIRE(kiosk.print("second").ok());
    const auto tickets = kiosk.printer().tickets();
    REQUIRE(tickets.size() == 2);
    CHECK(tickets[0].place == PaperPlace::Expelled);
    CHECK(tickets[1].place == PaperPlace::HeldOut);
}

TEST_CASE("presenter: capabilities say what the printer can do, and a wrong wish is refused")
{
    const auto [settings, presenter] = GENERATE(std::pair(kImpatient, true), std::pair("", false));
    Kiosk kiosk(settings);
    const auto capabilities = kiosk.client().capabilities();
    const auto& printer = capabilities["printer"];
    CHECK(printer["mediaTaken"] == presenter);
    CHECK(printer["retractToTransport"] == presenter);
    CHECK(printer["autoRetractPeriod"] == (presenter ? 1 : 0));
    CHECK(printer["control"].value("eject", false) == presenter);
    CHECK(printer["control"].value("partialCut", false) == !presenter);
    const auto retract = kiosk.client().call("Printer.RetractMedia", json::object(), 10s);
    REQUIRE(retract);
    CHECK((retract->code == xfs::CompletionCode::UnsupportedCommand) == !presenter);
    const json wrong =
        presenter ? json{{"cut", true}, {"move", "retract"}} : json{{"move", "eject"}};
    CHECK(kiosk.call("Printer.ControlMedia", {{"mediaControl", wrong}}).code ==
          xfs::CompletionCode::InvalidData);
}

TEST_CASE("printer profiles: the same ticket is burned by whatever commands a model has")
{
    const auto burned = [](const char* settings) {
        Kiosk kiosk(settings);
        REQUIRE(kiosk.print("t").ok());
        const auto tickets = kiosk.printer().tickets();
        REQUIRE(tickets.size() == 1);
        return *tickets.front().png;
    };
    const auto usual = burned("");
    CHECK(burned("raster = \"gs-l\"\nstrip_rows = 24\n") == usual);
    CHECK(burned("profile = \"safe\"\n") == usual);
    CHECK(burned("profile = \"custom-presenter\"\n") == usual);
}

TEST_CASE("printer profiles: raw bytes that ask themselves are proven without process ids")
{
    Kiosk kiosk("profile = \"safe\"\n");
    const auto raw = *fromHex("1D7201"
                              "7261770A"
                              "1D7201"
                              "1B4A78"
                              "1D5642"
                              "00");
    CHECK(kiosk.call("Printer.PrintRaw", {{"data", toBase64(raw)}}).ok());
    CHECK(kiosk.printer().tickets().size() == 1);
}
