// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_host.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "peripherals/base/bytes.h"
#include "peripherals/base/random.h"
#include "peripherals/host/identity_service.h"
#include "peripherals/host/io_map.h"
#include "peripherals/host/printing_service.h"
#include "peripherals/host/xfs_card_reader.h"
#include "peripherals/net/client.h"
#include "peripherals/xfs/ticket_form.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

namespace {

bool valid(const std::string& file, const json& message)
{
    std::ifstream stream(file);
    INFO(file);
    REQUIRE(stream);
    const json document = json::parse(stream);
    const valijson::adapters::NlohmannJsonAdapter source(document);
    valijson::Schema schema;
    valijson::SchemaParser().populateSchema(source, schema);
    const valijson::adapters::NlohmannJsonAdapter target(message);
    return valijson::Validator().validate(schema, target, nullptr);
}

/// The schema of the standard for one message of a service.
bool standard(const json& message)
{
    const auto type = message["header"]["type"].get<std::string>();
    const std::string folder = GUICHET_TEST_DATA "/xfs4iot/";
    if (type == "acknowledge") {
        return valid(folder + "acknowledge.json", message);
    }
    const auto kind = type == "completion" ? ".completion.json" : ".event.json";
    return valid(folder + message["header"]["name"].get<std::string>() + kind, message);
}

bool own(const std::string& schema, const json& message)
{
    return valid(GUICHET_SOURCE_DIR "/peripherals/host/schemas/" + schema, message);
}

/// What is wired to the I/O unit.
json wiring(DeviceClass deviceClass)
{
    if (deviceClass == DeviceClass::Sensors) {
        auto every = IoMap();
        for (const auto& name : sensorNames()) {
            every[name] = 0;
        }
        return sensorCapabilities(every);
    }
    return deviceClass == DeviceClass::Lights
               ? json{{"lights", lightCapabilities({{"cardReader", 0}, {"statusBad", 1}})}}
               : json::object();
}

/// The whole of guichet-devices over fake devices, on a free port.
struct Devices {
    Devices()
        : folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(folder);
        DeviceHostConfig config;
        config.ports = {0};
        config.data = folder;
        for (const auto& [name, deviceClass] :
             std::map<std::string, DeviceClass>{{"barcodereader", DeviceClass::BarcodeReader},
                                                {"camera", DeviceClass::Camera},
                                                {"cardreader", DeviceClass::CardReader},
                                                {"documentprinter", DeviceClass::DocumentPrinter},
                                                {"idreader", DeviceClass::MrzReader},
                                                {"auxiliaries", DeviceClass::Sensors},
                                                {"lights", DeviceClass::Lights},
                                                {"receiptprinter", DeviceClass::ReceiptPrinter},
                                                {"residentreader", DeviceClass::ResidentReader}}) {
            config.devices.push_back({deviceClass, test::FakeHelper::configuration()});
            config.devices.back().helper.name = name;
            config.devices.back().capabilities = wiring(deviceClass);
        }
        auto started = DeviceHost::start(std::move(config), clock);
        REQUIRE(started);
        host = std::move(*started);
    }
    ~Devices()
    {
        host.reset();
        std::filesystem::remove_all(folder);
    }
    SystemClock clock;
    std::filesystem::path folder;
    std::unique_ptr<DeviceHost> host;
};

struct Wire {
    Wire(const Devices& devices, std::string path)
    {
        net::WebSocketClientConfig config;
        config.server.baseUrl = "ws://127.0.0.1:" + std::to_string(devices.host->port());
        config.request.path = std::move(path);
        auto connected = net::WebSocketClient::connect(
            config, {[this](std::string_view text) { frames.put(json::parse(text)); },
                     [](const Error&) {}});
        REQUIRE(connected);
        socket = std::move(*connected);
    }
    void send(const json& message) { REQUIRE(socket->send(message.dump())); }
    test::Inbox<json> frames;
    std::unique_ptr<net::WebSocketClient> socket;
};

struct XfsWire : Wire {
    XfsWire(const Devices& devices, const std::string& service)
        : Wire(devices, "/xfs4iot/v1.0/" + service)
    {
    }
    /// Sends, validates every message that comes, and returns the completion.
    json command(const std::string& name, const std::string& version, const json& payload)
    {
        const int id = ++lastId;
        send({{"header",
               {{"type", "command"}, {"name", name}, {"version", version}, {"requestId", id}}},
              {"payload", payload}});
        for (;;) {
            auto message = frames.take();
            INFO(message.dump());
            CHECK(standard(message));
            if (message["header"]["type"] == "completion" && message["header"]["requestId"] == id) {
                return message;
            }
        }
    }
    void waitUntilOnline()
    {
        while (command("Common.Status", "2.0", json::object())["payload"]["common"]["device"] !=
               "online") {
        }
    }
    int lastId = 0;
};

} // namespace

TEST_CASE("devices: what the card reader says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "cardreader");
    wire.waitUntilOnline();
    const auto succeeds = [&wire](const char* name, const char* version, const json& payload) {
        const auto end = wire.command(name, version, payload);
        INFO(end.dump());
        CHECK(end["header"]["completionCode"] == "success");
    };
    succeeds("Common.Capabilities", "2.0", json::object());
    succeeds("Common.SetVersions", "2.0", {{"commands", {{"CardReader.ChipIO", 3}}}});
    succeeds("Common.SetTransactionState", "2.0", {{"state", "active"}, {"transactionID", "x"}});
    succeeds("Common.GetTransactionState", "2.0", json::object());
    succeeds("CardReader.QueryIFMIdentifier", "2.0", json::object());
    succeeds("CardReader.ReadRawData", "2.0", {{"chip", true}});
    succeeds("CardReader.ChipIO", "3.0", {{"chipProtocol", "chipT0"}, {"chipData", "AKQEAA=="}});
    succeeds("CardReader.ChipPower", "2.0", {{"chipPower", "cold"}});
    succeeds("CardReader.Move", "2.0", {{"from", "transport"}, {"to", "exit"}});
    succeeds("CardReader.Reset", "2.0", json::object());
    const auto wrong = wire.command("CardReader.ChipPower", "2.0", {{"chipPower", "lukewarm"}});
    CHECK(wrong["header"]["completionCode"] == "invalidData");
}

TEST_CASE("devices: a refused command names the one field that is wrong", "[host]")
{
    const auto [name, version, payload, field] = GENERATE(
        std::tuple("CardReader.ReadRawData", "2.0", json{{"track2", 1}}, "track2"),
        std::tuple("CardReader.ChipIO", "3.0", json{{"chipData", "AKQEAA=="}}, "chipProtocol"),
        std::tuple("CardReader.ChipIO", "3.0", json{{"chipProtocol", "chipT0"}}, "chipData"),
        std::tuple("CardReader.ChipIO", "3.0",
                   json{{"chipProtocol", "chipT0"}, {"chipData", "AKQE"}}, "chipData"),
        std::tuple("CardReader.ChipIO", "3.0",
                   json{{"chipProtocol", "chipT0"}, {"chipData", std::string(87'396, 'A')}},
                   "chipData"),
        std::tuple("CardReader.Move", "2.0", json{{"from", 1}}, "from"),
        std::tuple("CardReader.Move", "2.0", json{{"to", 1}}, "to"));
    const Devices devices;
    XfsWire wire(devices, "cardreader");
    const auto end = wire.command(name, version, payload);
    CHECK(end["header"]["completionCode"] == "invalidData");
    CHECK(end["header"]["errorDescription"].get<std::string>().rfind(field, 0) == 0);
}

TEST_CASE("devices: what the printer says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "receiptprinter");
    wire.waitUntilOnline();
    const auto succeeds = [&wire](const char* name, const char* version, const json& payload) {
        const auto end = wire.command(name, version, payload);
        INFO(end.dump());
        CHECK(end["header"]["completionCode"] == "success");
    };
    xfs::TicketForm form;
    form.ticketId = "t";
    form.number = "A012";
    succeeds("Common.Capabilities", "2.0", json::object());
    succeeds("Printer.GetFormList", "2.0", json::object());
    succeeds("Printer.GetMediaList", "2.0", json::object());
    succeeds("Printer.GetQueryForm", "2.0", {{"formName", "ticket"}});
    succeeds("Printer.GetQueryMedia", "3.0", {{"name", "receipt"}});
    succeeds(
        "Printer.PrintForm", "3.0",
        {{"formName", "ticket"}, {"mediaName", "receipt"}, {"fields", xfs::ticketFields(form)}});
    succeeds("Printer.PrintRaw", "3.0", {{"data", "G0A="}});
    succeeds("Printer.ControlMedia", "3.0", {{"mediaControl", {{"cut", true}}}});
    succeeds("Printer.Reset", "3.0", json::object());
    const auto wrong =
        wire.command("Printer.ControlMedia", "3.0", {{"mediaControl", {{"stamp", true}}}});
    CHECK(wrong["header"]["completionCode"] == "invalidData");

    Wire printing(devices, kPrintingPath);
    printing.send({{"id", 1}, {"op", "attempt"}, {"ticketId", "t"}, {"printIndex", 1}});
    const auto answer = printing.frames.take();
    CHECK(own("printing.message.json", answer));
    CHECK(answer["state"] == "printed");
    printing.send({{"id", 2}, {"op", "history"}, {"ticketId", "t"}});
    const auto history = printing.frames.take();
    CHECK(own("printing.message.json", history));
    CHECK(history == json{{"id", 2}, {"next", 2}, {"paper", true}});
}

TEST_CASE("devices: what the document printer says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "documentprinter");
    wire.waitUntilOnline();
    const auto print = [&wire](const json& payload) {
        return wire.command("Printer.PrintNative", "3.0", payload)["header"]["completionCode"];
    };
    CHECK(print({{"data", toBase64(asBytes("%PDF-1.4 ..."))}}) == "success");
    CHECK(print({{"data", toBase64(asBytes("%!PS"))}}) == "invalidData");
    CHECK(print({{"data", "?"}}) == "invalidData");
    CHECK(print(json::object()) == "invalidData");
    CHECK(print({{"data", toBase64(asBytes("%PDF-1.4"))}, {"paperSource", "lower"}}) ==
          "invalidData");
    CHECK(wire.command("Printer.Reset", "3.0", json::object())["header"]["completionCode"] ==
          "success");
    CHECK(wire.command("Common.Capabilities", "2.0",
                       json::object())["payload"]["printer"]["type"] == json{{"document", true}});

    Wire printing(devices, kPrintingPath);
    const auto stateOf = [&printing](const std::string& id) {
        printing.send({{"id", 1}, {"op", "document"}, {"documentId", id}});
        const auto answer = printing.frames.take();
        CHECK(own("printing.message.json", answer));
        return answer["state"];
    };
    CHECK(stateOf("ended") == "none");
    CHECK(print({{"data", toBase64(asBytes("%PDF-1.4"))}, {"documentId", "ended"}}) != "success");
    CHECK(stateOf("ended") == "ended");
}

TEST_CASE("devices: what the scanner says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "idreader");
    wire.waitUntilOnline();
    const auto scan = [&wire](const json& payload) {
        return wire.command("Printer.ReadImage", "3.0", payload);
    };
    const auto codeOf = [&scan](const json& payload) {
        return scan(payload)["header"]["completionCode"].get<std::string>();
    };
    const auto end = scan({{"frontImage", {{"imageType", "jpg"}, {"colorFormat", "fullcolor"}}}});
    CHECK(end["payload"]["images"]["front"]["status"] == "ok");
    CHECK(codeOf({{"frontImage", json::object()}, {"backImage", nullptr}}) == "success");
    CHECK(codeOf(json::object()) == "invalidData");
    CHECK(codeOf({{"frontImage", true}}) == "invalidData");
    CHECK(codeOf({{"frontImage", {{"imageType", 1}}}}) == "invalidData");
    CHECK(codeOf({{"frontImage", {{"imageType", "tif"}}}}) == "unsupportedData");
    CHECK(codeOf({{"frontImage", {{"colorFormat", "binary"}}}}) == "unsupportedData");
    CHECK(codeOf({{"frontImage", json::object()}, {"backImage", json::object()}}) ==
          "unsupportedData");
    CHECK(codeOf({{"frontImage", json::object()}, {"passportDataGroup1", true}}) ==
          "unsupportedData");
    CHECK(codeOf({{"frontImage", json::object()}, {"passportDataGroup2", false}}) == "success");
    const auto refused = scan({{"passportDataGroup1", true}});
    CHECK(refused["header"]["completionCode"] == "unsupportedData");
    CHECK(refused["header"]["errorDescription"].get<std::string>().rfind("passportDataGroup1", 0) ==
          0);
    const auto capabilities =
        wire.command("Common.Capabilities", "2.0", json::object())["payload"]["printer"];
    CHECK(capabilities["type"] == json{{"scanner", true}});
    CHECK(capabilities["imageSource"] == json{{"imageFront", true}});
    CHECK(wire.command("Printer.Reset", "3.0", json::object())["header"]["completionCode"] ==
          "success");
}

TEST_CASE("devices: a scan that the standard has no word for names the one field", "[host]")
{
    const auto [payload, field] = GENERATE(
        std::tuple(json{{"passportDataGroup1", false}}, "frontImage"),
        std::tuple(json{{"frontImage", {{"imageType", "heic"}}}}, "frontImage.imageType"),
        std::tuple(json{{"frontImage", {{"colorFormat", "purple"}}}}, "frontImage.colorFormat"),
        std::tuple(json{{"frontImage", {{"colorFormat", 1}}}}, "frontImage.colorFormat"),
        std::tuple(json{{"backImage", true}}, "backImage"),
        std::tuple(json{{"backImage", {{"imageType", "heic"}}}}, "backImage.imageType"),
        std::tuple(json{{"frontImage", json::object()}, {"passportDataGroup1", "yes"}},
                   "passportDataGroup1"),
        std::tuple(json{{"frontImage", json::object()}, {"passportDataGroup2", 1}},
                   "passportDataGroup2"));
    const Devices devices;
    XfsWire wire(devices, "idreader");
    const auto end = wire.command("Printer.ReadImage", "3.0", payload);
    CHECK(end["header"]["completionCode"] == "invalidData");
    CHECK(end["header"]["errorDescription"].get<std::string>().rfind(field, 0) == 0);
}

namespace {

/// A scan for which nobody lays anything down.
void startEndlessScan(XfsWire& wire, int id, int timeoutMs)
{
    wire.send({{"header",
                {{"type", "command"},
                 {"name", "Printer.ReadImage"},
                 {"version", "3.0"},
                 {"requestId", id},
                 {"timeout", timeoutMs}}},
               {"payload", {{"frontImage", {{"colorFormat", "grayscale"}}}}}});
}

void awaitCustomerAsked(XfsWire& wire)
{
    while (wire.frames.take()["header"]["name"] != "Printer.NoMediaEvent") {
    }
}

/// How it ends.
std::string endOf(XfsWire& wire, int id)
{
    for (;;) {
        const auto header = wire.frames.take()["header"];
        if (header["type"] == "completion" && header["requestId"] == id) {
            return header["completionCode"];
        }
    }
}

} // namespace

TEST_CASE("devices: a scan without a time-out ends when cancelled, one with it by itself", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "idreader");
    wire.waitUntilOnline();
    startEndlessScan(wire, 1001, 0);
    awaitCustomerAsked(wire);
    wire.send({{"header",
                {{"type", "command"},
                 {"name", "Common.Cancel"},
                 {"version", "2.0"},
                 {"requestId", 1002}}},
               {"payload", {{"requestIds", {1001}}}}});
    CHECK(endOf(wire, 1001) == "canceled");
    startEndlessScan(wire, 1003, 50);
    CHECK(endOf(wire, 1003) == "timeOut");
}

TEST_CASE("devices: a client that leaves in the middle of a scan makes room for the next", "[host]")
{
    const Devices devices;
    auto lost = std::make_unique<XfsWire>(devices, "idreader");
    lost->waitUntilOnline();
    startEndlessScan(*lost, 1001, 0);
    awaitCustomerAsked(*lost);
    XfsWire next(devices, "idreader");
    CHECK(next.command("Common.Status", "2.0", json::object())["payload"]["common"]["device"] ==
          "online");
    lost.reset();
    const auto end =
        next.command("Printer.ReadImage", "3.0", {{"frontImage", {{"imageType", "jpg"}}}});
    CHECK(end["header"]["completionCode"] == "success");
}

TEST_CASE("devices: what the sensors say is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "auxiliaries");
    wire.waitUntilOnline();
    const auto can = wire.command("Common.Capabilities", "2.0", json::object())["payload"];
    CHECK(can["auxiliaries"].size() == sensorNames().size() - 1);
    CHECK(can["common"]["antiFraudModule"] == true);
}

TEST_CASE("devices: what the lights say is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "lights");
    wire.waitUntilOnline();
    const auto endOf = [&wire](const json& payload) {
        const auto end = wire.command("Lights.SetLight", "3.0", payload);
        const auto code = end["header"]["completionCode"].get<std::string>();
        return code == "commandErrorCode" ? end["payload"]["errorCode"].get<std::string>() : code;
    };
    const auto light = [](const char* name, json value) {
        return json{{name, {{"default", std::move(value)}}}};
    };
    CHECK(endOf(light("cardReader", {{"flashRate", "medium"}})) == "success");
    CHECK(endOf(json{{"cardReader", nullptr}}) == "success");
    CHECK(endOf(light("pinPad", {{"flashRate", "medium"}})) == "invalidLight");
    CHECK(endOf({{"cardReader", {{"left", {{"flashRate", "off"}}}}}}) == "invalidLight");
    CHECK(endOf(light("cardReader", {{"flashRate", "frantic"}})) == "invalidData");
    CHECK(endOf(light("cardReader", json::object())) == "invalidData");
    CHECK(endOf({{"cardReader", "medium"}}) == "invalidData");
    CHECK(endOf(light("cardReader", {{"flashRate", "slow"}, {"color", "red"}})) ==
          "unsupportedData");
    const auto can = wire.command("Common.Capabilities", "2.0", json::object())["payload"];
    CHECK(can["lights"]["cardReader"]["default"]["flashRate"]["quick"] == true);
}

TEST_CASE("devices: what the camera says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "camera");
    wire.waitUntilOnline();
    const auto codeOf = [&wire](const char* name, const json& payload) {
        const auto end = wire.command(name, "2.0", payload);
        INFO(end.dump());
        return end["header"]["completionCode"].get<std::string>();
    };
    CHECK(codeOf("Common.Capabilities", json::object()) == "success");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "person"}}) == "success");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "person"}, {"camData", ""}}) == "success");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "person"}, {"camData", "x"}}) ==
          "unsupportedData");
    CHECK(codeOf("Camera.TakePicture", {{"camera", "room"}}) == "commandErrorCode");
    CHECK(codeOf("Camera.TakePicture", {{"camera", 1}}) == "invalidData");
    CHECK(codeOf("Camera.TakePicture", json::object()) == "invalidData");
    CHECK(codeOf("Camera.Reset", json::object()) == "success");
}

TEST_CASE("devices: what the barcode reader says is what the standard allows", "[host]")
{
    const Devices devices;
    XfsWire wire(devices, "barcodereader");
    wire.waitUntilOnline();
    const auto endOf = [&wire](const char* name, const json& payload) {
        return wire.command(name, "2.0", payload);
    };
    const auto codeOf = [&endOf](const char* name, const json& payload) {
        return endOf(name, payload)["header"]["completionCode"].get<std::string>();
    };
    CHECK(codeOf("Common.Capabilities", json::object()) == "success");
    const auto end = endOf("BarcodeReader.Read", {{"symbologies", {{"qrCode", true}}}});
    CHECK(end["payload"]["readOutput"] == json::array({{{"symbology", "qrCode"},
                                                        {"barcodeData", "R1QxOlg="},
                                                        {"symbologyName", "QR Code"}}}));
    CHECK(codeOf("BarcodeReader.Read", json::object()) == "success");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", nullptr}}) == "success");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", {{"msi", true}}}}) == "unsupportedData");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", {{"msi", 1}}}}) == "invalidData");
    CHECK(codeOf("BarcodeReader.Read", {{"symbologies", true}}) == "invalidData");
    CHECK(codeOf("BarcodeReader.Reset", json::object()) == "success");
}

TEST_CASE("devices: a printing request that makes no sense names the one field", "[host]")
{
    const auto [request, field] =
        GENERATE(std::pair(json{{"id", 1}, {"op", "fly"}}, "op"),
                 std::pair(json{{"id", 1}, {"op", "attempt"}, {"printIndex", 1}}, "ticketId"),
                 std::pair(json{{"id", 1}, {"op", "attempt"}, {"ticketId", "t"}}, "printIndex"),
                 std::pair(json{{"id", 1}, {"op", "document"}, {"documentId", 7}}, "documentId"));
    const Devices devices;
    Wire wire(devices, kPrintingPath);
    wire.send(request);
    const auto message = wire.frames.take();
    CHECK(own("printing.message.json", message));
    CHECK(message["error"]["detail"].get<std::string>().rfind(field, 0) == 0);
}

namespace {

/// Validates all that comes and returns the first that is an answer.
json identityAnswer(Wire& wire)
{
    for (;;) {
        auto message = wire.frames.take();
        INFO(message.dump());
        CHECK(own("identity.message.json", message));
        if (!message.contains("event")) {
            return message;
        }
    }
}

} // namespace

TEST_CASE("devices: the identity service reads a card", "[host]")
{
    const Devices devices;
    XfsWire(devices, "cardreader").waitUntilOnline();
    Wire wire(devices, kIdentityPath);
    const json request = {{"id", 1}, {"op", "readCard"}, {"timeoutMs", 5000}};
    CHECK(own("identity.request.json", request));
    wire.send(request);
    for (const char* event : {"insertCard", "cardInserted", "reading"}) {
        auto message = wire.frames.take();
        while (message["event"] == "deviceState") { // of the other reader
            message = wire.frames.take();
        }
        CHECK(own("identity.message.json", message));
        CHECK(message["event"] == event);
    }
    CHECK(identityAnswer(wire)["result"]["last4"] == "0123");
}

TEST_CASE("devices: another guichet-devices reads chips through the card reader's service",
          "[host]")
{
    const Devices devices;
    const auto reader = XfsCardReader::open(
        "ws://127.0.0.1:" + std::to_string(devices.host->port()) + "/xfs4iot/v1.0/cardreader");
    REQUIRE(reader);
    XfsWire(devices, "cardreader").waitUntilOnline();
    const auto inside = (*reader)->waitForChange({}, {}, std::chrono::seconds(20));
    REQUIRE(inside);
    CHECK(inside->presence == CardPresence::Present);
    const auto channel = (*reader)->connect();
    REQUIRE(channel);
    CHECK(toHex((*channel)->atr()) == "3B6800");
    const auto answer = (*channel)->transmit(*fromHex("00A4040000"), std::chrono::seconds(5));
    REQUIRE(answer);
    CHECK(toHex(*answer) == "9000");
}

TEST_CASE("devices: identity requests that make no sense are answered", "[host]")
{
    const Devices devices;
    Wire wire(devices, kIdentityPath);
    const auto wrong = GENERATE(json(3), json{{"op", "readCard"}}, json{{"id", 1}, {"op", "fly"}},
                                json{{"id", 1}, {"op", "readCard"}, {"timeoutMs", -1}},
                                json{{"id", 1}, {"op", "cancel"}});
    wire.send(wrong);
    const auto message = identityAnswer(wire);
    CHECK(message.contains("error"));
}

TEST_CASE("devices: the identity service reads a resident card", "[host]")
{
    const Devices devices;
    Wire wire(devices, kIdentityPath);
    const json question = {{"id", 1}, {"op", "devices"}};
    CHECK(own("identity.request.json", question));
    wire.send(question);
    std::map<std::string, std::string> operations;
    const auto answer = identityAnswer(wire);
    for (const auto& each : answer["result"]["devices"]) {
        operations.emplace(each["op"], each["device"]);
    }
    CHECK(operations == std::map<std::string, std::string>{{"readCard", "cardreader"},
                                                           {"readMrz", "idreader"},
                                                           {"readPassport", "cardreader"},
                                                           {"readResident", "residentreader"}});
    const json request = {{"id", 2}, {"op", "readResident"}, {"device", "residentreader"}};
    CHECK(own("identity.request.json", request));
    json read;
    do { // its helper may still be starting
        wire.send(request);
        read = identityAnswer(wire);
    } while (read.contains("error") && read["error"]["code"] == "disconnected");
    CHECK(read["result"]["name"] == "李明");
}

TEST_CASE("devices: a passport is read with the key that was shown", "[host]")
{
    const Devices devices;
    XfsWire(devices, "cardreader").waitUntilOnline();
    Wire wire(devices, kIdentityPath);
    const json request = {
        {"id", 1},
        {"op", "readPassport"},
        {"key",
         {{"documentNumber", "E98765432"}, {"birthDate", "850610"}, {"expiryDate", "330101"}}}};
    CHECK(own("identity.request.json", request));
    wire.send(request);
    const auto read = identityAnswer(wire);
    CHECK(read["result"]["surname"] == "LI");
    CHECK(read["result"]["maskedNumber"] == "E******32");
}

namespace {

/// A client of `vendormode`; each message that it takes is what the standard allows.
struct ModeWire : XfsWire {
    explicit ModeWire(const Devices& devices)
        : XfsWire(devices, "vendormode")
    {
    }
    std::string end(const char* name, const json& payload = json::object())
    {
        return command(std::string("VendorMode.") + name, "2.0",
                       payload)["header"]["completionCode"];
    }
    /// Sends a request that will be pending, and waits until it is.
    void request(const char* name)
    {
        ask(name, 0);
        heard("Common.StatusChangedEvent");
    }
    void ask(const char* name, int timeoutMs)
    {
        send({{"header",
               {{"type", "command"},
                {"name", std::string("VendorMode.") + name},
                {"version", "2.0"},
                {"requestId", ++lastId},
                {"timeout", timeoutMs}}}});
    }
    json heard(const std::string& name)
    {
        for (;;) {
            auto message = frames.take();
            INFO(message.dump());
            CHECK(standard(message));
            if (message["header"]["name"] == name && message["header"]["type"] != "acknowledge") {
                return message;
            }
        }
    }
    std::string state()
    {
        return command("Common.Status", "2.0", json::object())["payload"]["vendorMode"]["service"];
    }
};

} // namespace

TEST_CASE("devices: maintenance gets the devices once every application has agreed", "[host]")
{
    const Devices devices;
    ModeWire engineer(devices), kiosk(devices);
    const auto capabilities = engineer.command("Common.Capabilities", "2.0", json::object());
    CHECK(capabilities["payload"]["interfaces"].size() == 2);
    CHECK(kiosk.end("Register", {{"appName", "kiosk"}}) == "success");
    CHECK(kiosk.end("EnterModeAcknowledge") == "sequenceError");
    CHECK(engineer.end("ExitModeRequest") == "sequenceError");

    engineer.request("EnterModeRequest");
    kiosk.heard("VendorMode.EnterModeRequestEvent");
    CHECK(engineer.state() == "enterPending");
    CHECK(engineer.end("EnterModeAcknowledge") == "sequenceError");
    CHECK(kiosk.end("ExitModeAcknowledge") == "sequenceError");
    CHECK(kiosk.end("EnterModeAcknowledge") == "success");
    engineer.heard("VendorMode.ModeEnteredEvent");
    CHECK(engineer.heard("VendorMode.EnterModeRequest")["header"]["completionCode"] == "success");
    CHECK(kiosk.state() == "active");
    CHECK(engineer.end("EnterModeRequest") == "sequenceError");

    engineer.request("ExitModeRequest");
    kiosk.heard("VendorMode.ExitModeRequestEvent");
    CHECK(engineer.state() == "exitPending");
    CHECK(kiosk.end("ExitModeAcknowledge") == "success");
    CHECK(engineer.heard("VendorMode.ModeExitedEvent")["payload"]["connectedApplications"] ==
          json{"kiosk"});
    CHECK(engineer.heard("VendorMode.ExitModeRequest")["header"]["completionCode"] == "success");
    CHECK(kiosk.state() == "inactive");
}

TEST_CASE("devices: an application that was lost does not hold up maintenance", "[host]")
{
    const Devices devices;
    ModeWire engineer(devices);
    auto kiosk = std::make_unique<ModeWire>(devices);
    REQUIRE(kiosk->end("Register", {{"appName", "kiosk"}}) == "success");
    engineer.request("EnterModeRequest");
    kiosk.reset();
    engineer.heard("VendorMode.ModeEnteredEvent");
    CHECK(engineer.heard("VendorMode.EnterModeRequest")["header"]["completionCode"] == "success");
}

TEST_CASE("devices: a request for maintenance that is given up changes nothing", "[host]")
{
    const Devices devices;
    auto engineer = std::make_unique<ModeWire>(devices);
    ModeWire kiosk(devices);
    REQUIRE(kiosk.end("Register") == "success");
    SECTION("cancelled")
    {
        engineer->request("EnterModeRequest");
        engineer->send({{"header",
                         {{"type", "command"},
                          {"name", "Common.Cancel"},
                          {"version", "2.0"},
                          {"requestId", ++engineer->lastId}}}});
        CHECK(engineer->heard("VendorMode.EnterModeRequest")["header"]["completionCode"] ==
              "canceled");
    }
    SECTION("lost")
    {
        engineer->request("EnterModeRequest");
        engineer.reset();
    }
    kiosk.heard("VendorMode.EnterModeRequestEvent");
    kiosk.heard("VendorMode.ModeExitedEvent");
    CHECK(kiosk.state() == "inactive");
    CHECK(kiosk.end("EnterModeAcknowledge") == "sequenceError");
}

TEST_CASE("devices: a request for maintenance ends when its time is over", "[host]")
{
    const Devices devices;
    ModeWire engineer(devices), kiosk(devices);
    REQUIRE(kiosk.end("Register") == "success");
    engineer.ask("EnterModeRequest", 200); // pending by then, or queued on a slow machine
    CHECK(engineer.heard("VendorMode.EnterModeRequest")["header"]["completionCode"] == "timeOut");
    CHECK(engineer.state() == "inactive");
    CHECK(kiosk.end("EnterModeAcknowledge") == "sequenceError");
}

TEST_CASE("devices: an application that registers in the middle is asked too", "[host]")
{
    const Devices devices;
    ModeWire engineer(devices), kiosk(devices), lobby(devices);
    REQUIRE(kiosk.end("Register") == "success");
    engineer.request("EnterModeRequest");
    lobby.send({{"header",
                 {{"type", "command"},
                  {"name", "VendorMode.Register"},
                  {"version", "2.0"},
                  {"requestId", ++lobby.lastId}}}});
    lobby.heard("VendorMode.EnterModeRequestEvent");
    REQUIRE(kiosk.end("EnterModeAcknowledge") == "success");
    CHECK(engineer.state() == "enterPending");
    CHECK(lobby.end("EnterModeAcknowledge") == "success");
    engineer.heard("VendorMode.ModeEnteredEvent");
}

TEST_CASE("devices: an application's name is a text", "[host]")
{
    const Devices devices;
    ModeWire kiosk(devices);
    CHECK(kiosk.end("Register", {{"appName", 1}}) == "invalidData");
    CHECK(kiosk.end("Register", {{"appName", std::string(101, 'k')}}) == "invalidData");
    CHECK(kiosk.end("Register", {{"appName", nullptr}}) == "success");
}
