// SPDX-License-Identifier: Apache-2.0
// The identity service as its clients hear it.
#include <catch2/catch.hpp>

#include "peripherals/host/identity_service.h"
#include "peripherals/host/xfs_card_reader.h"
#include "tests/peripherals/host/served_terminal.h"

using namespace guichet;
using namespace guichet::host;
using namespace guichet::test;
using nlohmann::json;

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
    CHECK(operations == std::map<std::string, std::string>{{"checkFace", "face"},
                                                           {"readCard", "cardreader"},
                                                           {"readMrz", "idreader"},
                                                           {"readPassport", "cardreader"},
                                                           {"readResident", "residentreader"},
                                                           {"takeFace", "face"}});
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

TEST_CASE("devices: somebody before the camera is told what to do until their face is taken",
          "[host]")
{
    const Devices devices;
    Wire wire(devices, kIdentityPath);
    const json request = {{"id", 1}, {"op", "takeFace"}, {"timeoutMs", 5000}};
    CHECK(own("identity.request.json", request));
    std::vector<std::string> events;
    json taken;
    do { // its helper may still be starting
        wire.send(request);
        for (taken = wire.frames.take(); !taken.contains("result") && !taken.contains("error");
             taken = wire.frames.take()) {
            CHECK(own("identity.message.json", taken));
            if (taken["event"] != "deviceState") {
                events.push_back(taken["event"]);
            }
        }
        CHECK(own("identity.message.json", taken));
    } while (taken.contains("error") && taken["error"]["code"] == "disconnected");
    CHECK(events == std::vector<std::string>{"showFace", "comeCloser", "moreLight", "holdStill"});
    CHECK(taken["result"]["verdict"] == "good");
}

TEST_CASE("devices: without a model a face is not compared, and never without a document", "[host]")
{
    const Devices devices;
    Wire wire(devices, kIdentityPath);
    json request = {
        {"id", 1}, {"op", "checkFace"}, {"handle", "00000000-0000-0000-0000-000000000000"}};
    CHECK(own("identity.request.json", request));
    json answer;
    do { // its helper may still be starting
        wire.send(request);
        answer = identityAnswer(wire);
    } while (answer.contains("error") && answer["error"]["code"] == "disconnected");
    CHECK(answer["result"]["match"]["verdict"] == "notChecked");
    request.erase("handle");
    CHECK_FALSE(own("identity.request.json", request));
    wire.send(request);
    CHECK(identityAnswer(wire)["error"]["code"] == "invalid");
}
