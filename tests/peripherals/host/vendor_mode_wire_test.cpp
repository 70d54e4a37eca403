// SPDX-License-Identifier: Apache-2.0
// Vendor mode as its clients hear it.

#include <catch2/catch.hpp>

#include "tests/peripherals/host/served_terminal.h"

using namespace guichet;
using namespace guichet::host;
using namespace guichet::test;
using nlohmann::json;

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
