// SPDX-License-Identifier: Apache-2.0
// ReadImage with the data groups of a passport, as its clients hear it.
#include "peripherals/host/passport_scan.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/host/fake_job.h"
#include "tests/peripherals/host/served_terminal.h"

using namespace guichet;
using namespace guichet::host;
using namespace guichet::test;
using nlohmann::json;

namespace {

/// A terminal whose scanner hands out chips, with one that behaves so.
struct ChipTerminal {
    explicit ChipTerminal(std::string chip)
        : devices({}, std::move(chip))
        , wire(devices, "idreader")
    {
        wire.waitUntilOnline();
        XfsWire(devices, "cardreader").waitUntilOnline();
    }

    json scan(const json& payload) { return wire.command("Printer.ReadImage", "3.0", payload); }

    void begin(int id, int timeoutMs = 0)
    {
        wire.beginScan(id, timeoutMs, {{"passportDataGroup1", true}});
    }
    void cancel(int id)
    {
        wire.send({{"header",
                    {{"type", "command"},
                     {"name", "Common.Cancel"},
                     {"version", "2.0"},
                     {"requestId", id + 1000}}},
                   {"payload", {{"requestIds", {id}}}}});
    }
    /// Of the command, until the first that is meant; validates all that comes.
    template <typename Meant> json await(int id, const Meant& meant)
    {
        for (;;) {
            auto message = wire.frames.take();
            INFO(message.dump());
            CHECK(standard(message));
            const auto& header = message["header"];
            if (header.value("requestId", 0) == id && meant(header)) {
                return message;
            }
        }
    }
    json endOf(int id)
    {
        return await(id, [](const json& header) { return header["type"] == "completion"; });
    }
    /// The page is read, and the document is to be laid on the card reader.
    void awaitChipAsked(int id)
    {
        for (const char* event :
             {"Printer.NoMediaEvent", "Printer.MediaInsertedEvent", "Printer.NoMediaEvent"}) {
            await(id, [event](const json& header) { return header["name"] == event; });
        }
    }
    /// The command has had its one end: another one runs, and nothing more of it comes before.
    void checkOver(int id)
    {
        begin(77, 1);
        for (int told = 0; told != 77;) {
            const auto header = wire.frames.take()["header"];
            CHECK(header.value("requestId", 0) != id);
            told = header["type"] == "completion" ? header.value("requestId", 0) : 0;
        }
    }

    Devices devices;
    XfsWire wire;
};

const json kBoth{{"passportDataGroup1", true}, {"passportDataGroup2", true}};

} // namespace

TEST_CASE("passport scan: the files come as the chip has them, and only those that were asked for",
          "[host]")
{
    ChipTerminal terminal("fine");
    const auto both = terminal.scan(kBoth);
    REQUIRE(both["header"]["completionCode"] == "success");
    CHECK(both["payload"]["images"] ==
          json{{"passportDataGroup1", {{"status", "ok"}, {"data", "YQ=="}}},
               {"passportDataGroup2", {{"status", "ok"}, {"data", "dQ=="}}}});
    const auto one = terminal.scan({{"passportDataGroup1", true}, {"passportDataGroup2", false}});
    CHECK(one["payload"]["images"] ==
          json{{"passportDataGroup1", {{"status", "ok"}, {"data", "YQ=="}}}});
    const auto face = terminal.scan({{"passportDataGroup2", true}, {"frontImage", json::object()}});
    CHECK(face["payload"]["images"] ==
          json{{"front", {{"status", "ok"}, {"data", "/9j/2Q=="}}},
               {"passportDataGroup2", {{"status", "ok"}, {"data", "dQ=="}}}});
}

TEST_CASE("passport scan: only a scanner whose bank named a card reader says that it can", "[host]")
{
    const auto sources = [](const Devices& devices) {
        return XfsWire(devices, "idreader")
            .command("Common.Capabilities", "2.0",
                     json::object())["payload"]["printer"]["imageSource"];
    };
    CHECK(sources(Devices({}, "fine")) ==
          json{{"imageFront", true}, {"passportDataGroup1", true}, {"passportDataGroup2", true}});
    CHECK(sources(Devices()) == json{{"imageFront", true}});
}

TEST_CASE("passport scan: a document without a portrait says that it is missing", "[host]")
{
    const auto end = ChipTerminal("faceless").scan(kBoth);
    CHECK(end["payload"]["images"]["passportDataGroup1"]["status"] == "ok");
    CHECK(end["payload"]["images"]["passportDataGroup2"] == json{{"status", "missing"}});
}

TEST_CASE(
    "passport scan: a chip that cannot be read ends the command once, in the standard's words",
    "[host]")
{
    const auto [chip, code] = GENERATE(table<std::string, std::string>(
        {{"other", "mediaRejected"}, // than the page's: the zone does not open it
         {"bankCard", "mediaRejected"},
         {"torn", "mediaRejected"},
         {"dies", "hardwareError"},
         {"restarted", "deviceNotReady"}}));
    ChipTerminal terminal(chip);
    terminal.begin(500);
    if (code == "mediaRejected") {
        terminal.await(
            500, [](const json& header) { return header["name"] == "Printer.MediaRejectedEvent"; });
    }
    const auto end = terminal.endOf(500);
    INFO(end.dump());
    CHECK(end["header"]["completionCode"] == (code == "mediaRejected" ? "commandErrorCode" : code));
    CHECK(end["payload"].value("errorCode", code) == code);
    CHECK_FALSE(end["payload"].contains("images"));
    terminal.checkOver(500);
}

TEST_CASE("passport scan: a cancel or the end of its time ends it, whatever it waits for", "[host]")
{
    const auto chip = GENERATE(std::string("noChip"), std::string("slow"));
    ChipTerminal terminal(chip);
    SECTION("cancel")
    {
        terminal.begin(500);
        terminal.awaitChipAsked(500);
        terminal.cancel(500);
        CHECK(terminal.endOf(500)["header"]["completionCode"] == "canceled");
    }
    SECTION("time-out")
    {
        terminal.begin(500, 200);
        CHECK(terminal.endOf(500)["header"]["completionCode"] == "timeOut");
    }
    terminal.checkOver(500);
}

TEST_CASE("passport scan: a client that leaves in the middle makes room for the next", "[host]")
{
    ChipTerminal terminal("noChip");
    terminal.begin(500);
    terminal.awaitChipAsked(500);
    XfsWire next(terminal.devices, "idreader");
    terminal.wire.socket.reset();
    const auto end = next.command("Printer.ReadImage", "3.0", {{"frontImage", json::object()}});
    CHECK(end["header"]["completionCode"] == "success");
}

TEST_CASE("passport scan: without its card reader nobody is asked for a document", "[host]")
{
    FakeHelper scanner;
    REQUIRE(scanner.ups.take());
    ChipReaders readers;
    readers.zoneRecipient("cardreader", "fine");
    SECTION("it never came up") {}
    SECTION("its process ended")
    {
        readers.add("cardreader", scanner.process);
        readers.zoneRecipient("cardreader", "");
    }
    Inbox<xfs::Completion> ends;
    scanPassport(scanner.process, readers, "cardreader", {.dataGroup1 = true},
                 std::make_shared<FakeJob>(xfs::Command{"Printer.ReadImage"}, ends));
    const auto end = ends.take();
    CHECK(end.code == xfs::CompletionCode::DeviceNotReady);
    CHECK(end.error().remedy == Remedy::Wait);
}

TEST_CASE("passport scan: a terminal that stops in the middle of it waits for nobody", "[host]")
{
    const auto chip = GENERATE(std::string("noChip"), std::string("slow"), std::string("fine"));
    ChipTerminal terminal(chip);
    terminal.begin(500);
    terminal.await(
        500, [](const json& header) { return header["name"] == "Printer.MediaInsertedEvent"; });
    terminal.devices.host.reset();
}
