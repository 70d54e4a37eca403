// SPDX-License-Identifier: Apache-2.0
// The vendor's application as clients of XFS4IoT start it and hear of it.

#include <fstream>

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/drivers/ipp/eve_printer.h"
#include "tests/peripherals/host/served_terminal.h"

using namespace guichet;
using namespace guichet::host;
using namespace guichet::test;
using nlohmann::json;

namespace {

/// A program that runs until it is let go.
struct PatientProgram {
    PatientProgram() { REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0); }
    void letGo() const { std::ofstream(pipe) << "go\n"; }
    [[nodiscard]] VendorApplication configured() const
    {
        const std::vector<std::string> command{"/bin/sh", "-c", "read -r line < $0", pipe};
        return {"service", {{{}, command, command}}};
    }

    TemporaryFolder folder;
    const std::string pipe = folder.path() / "pipe";
};

/// Each message that it takes is what the standard allows.
struct Client : XfsWire {
    explicit Client(const Devices& devices)
        : XfsWire(devices, "vendorapplication")
    {
    }
    json ask(const char* name, const json& payload = json::object())
    {
        return command(std::string("VendorApplication.") + name, "2.0", payload);
    }
    std::string end(const char* name, const json& payload = json::object())
    {
        return ask(name, payload)["header"]["completionCode"];
    }
    json heard(const std::string& name)
    {
        for (;;) {
            auto message = frames.take();
            INFO(message.dump());
            CHECK(standard(message));
            if (message["header"]["name"] == name) {
                return message;
            }
        }
    }
    std::string level()
    {
        return command("Common.Status", "2.0",
                       json::object())["payload"]["vendorApplication"]["accessLevel"];
    }
};

} // namespace

TEST_CASE("devices: an engineer starts the vendor's application, one at a time", "[host]")
{
    const PatientProgram program;
    const Devices devices(program.configured());
    Client engineer(devices);
    const auto capabilities = engineer.command("Common.Capabilities", "2.0", json::object());
    CHECK(capabilities["payload"]["vendorApplication"]["supportedAccessLevels"] ==
          json{{"basic", false}, {"intermediate", true}, {"full", true}});
    CHECK(engineer.level() == "notActive");
    CHECK(engineer.end("StartLocalApplication",
                       {{"appName", "service"}, {"accessLevel", "full"}}) == "success");
    CHECK(engineer.level() == "full");
    CHECK(engineer.end("StartLocalApplication") == "sequenceError");
    program.letGo();
    engineer.heard("VendorApplication.VendorAppExitedEvent");
    CHECK(engineer.level() == "notActive");
    CHECK(engineer.end("StartLocalApplication") == "success");
}

TEST_CASE("devices: who asks for no level gets the least", "[host]")
{
    const PatientProgram program;
    const Devices devices(program.configured());
    Client engineer(devices);
    CHECK(engineer.end("StartLocalApplication", {{"appName", nullptr}, {"accessLevel", nullptr}}) ==
          "success");
    CHECK(engineer.level() == "intermediate");
}

TEST_CASE("devices: the vendor's application goes on without the client that started it", "[host]")
{
    const PatientProgram program;
    const Devices devices(program.configured());
    Client other(devices);
    auto engineer = std::make_unique<Client>(devices);
    CHECK(engineer->end("StartLocalApplication") == "success");
    engineer.reset();
    CHECK(other.level() == "intermediate");
    program.letGo(); // would wait for ever if nobody read
    other.heard("VendorApplication.VendorAppExitedEvent");
    CHECK(other.level() == "notActive");
}

TEST_CASE("devices: no program is started by a name or a level that is not configured", "[host]")
{
    const auto [payload, code] =
        GENERATE(table<json, std::string>({{{{"appName", "/bin/sh"}}, "unsupportedData"},
                                           {{{"appName", ""}}, "unsupportedData"},
                                           {{{"appName", 1}}, "invalidData"},
                                           {{{"accessLevel", "basic"}}, "unsupportedData"},
                                           {{{"accessLevel", "root"}}, "invalidData"},
                                           {{{"accessLevel", json::array()}}, "invalidData"}}));
    const PatientProgram program;
    const Devices devices(program.configured());
    Client engineer(devices);
    CHECK(engineer.end("StartLocalApplication", payload) == code);
    CHECK(engineer.level() == "notActive");
}

TEST_CASE("devices: a vendor's application that is not there is told", "[host]")
{
    const Devices devices(VendorApplication{"service", {{{}, {}, {"/nonexistent/program"}}}});
    Client engineer(devices);
    CHECK(engineer.end("StartLocalApplication") == "internalError");
    CHECK(engineer.level() == "notActive");
}

TEST_CASE("devices: which screen is in use is kept for all clients", "[host]")
{
    const PatientProgram program;
    const Devices devices(program.configured());
    Client engineer(devices), kiosk(devices);
    CHECK(kiosk.ask("GetActiveInterface")["payload"]["activeInterface"] == "consumer");
    CHECK(engineer.end("SetActiveInterface", {{"activeInterface", "operator"}}) == "success");
    CHECK(kiosk.heard("VendorApplication.InterfaceChangedEvent")["payload"]["activeInterface"] ==
          "operator");
    CHECK(kiosk.ask("GetActiveInterface")["payload"]["activeInterface"] == "operator");
    CHECK(engineer.end("SetActiveInterface", {{"activeInterface", "lobby"}}) == "invalidData");
    CHECK(engineer.end("SetActiveInterface") == "invalidData");
    CHECK(kiosk.ask("GetActiveInterface")["payload"]["activeInterface"] == "operator");
}
