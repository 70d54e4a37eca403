// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/relay.h"

#include <catch2/catch.hpp>

#include "wire.h"

using namespace guichet;
using namespace guichet::virtualdevices;
using namespace std::chrono_literals;
using guichet::test::Wire;

namespace {

struct Cable {
    Port hub = std::move(*Port::take({"127.0.0.1", 0}));
    std::unique_ptr<Relay> relay =
        std::move(*Relay::start({"127.0.0.1", 0}, {"127.0.0.1", hub.number()}));
};

} // namespace

TEST_CASE("relay: bytes pass both ways")
{
    Cable cable;
    auto kiosk = Wire::to(cable.relay->port());
    auto hub = Wire::from(cable.hub.listener());
    const Bytes large(1'000'000, std::byte{0x5A});
    std::thread sender([&] { CHECK(kiosk.send(large)); });
    const auto got = hub.read(large.size());
    sender.join();
    CHECK(got == large);
    REQUIRE(hub.send("0102"));
    CHECK(kiosk.readHex(2) == "0102");
    CHECK(cable.relay->state().bytes == large.size() + 2);
}

TEST_CASE("relay: an end on one side is passed on")
{
    Cable cable;
    auto kiosk = std::make_unique<Wire>(Wire::to(cable.relay->port()));
    auto hub = std::make_unique<Wire>(Wire::from(cable.hub.listener()));
    REQUIRE(hub->send("07"));
    hub.reset();
    CHECK(kiosk->readHex(1) == "07");
    CHECK(kiosk->ends());
    kiosk.reset();
    CHECK(test::eventually([&] { return cable.relay->state().connections == 0; }));
}

TEST_CASE("relay: a cut line breaks connections, refuses new ones and can be restored")
{
    Cable cable;
    auto kiosk = Wire::to(cable.relay->port());
    auto hub = Wire::from(cable.hub.listener());
    REQUIRE(cable.relay->set(Relay::Line::Cut));
    CHECK(kiosk.ends());
    CHECK(hub.ends());
    CHECK_FALSE(connectTo({"127.0.0.1", cable.relay->port()}, test::kDeadline));
    REQUIRE(cable.relay->set(Relay::Line::Whole));
    auto again = Wire::to(cable.relay->port());
    auto there = Wire::from(cable.hub.listener());
    REQUIRE(again.send("2A"));
    CHECK(there.readHex(1) == "2A");
}

TEST_CASE("relay: a silent line holds the bytes back until it is whole again")
{
    Cable cable;
    auto kiosk = Wire::to(cable.relay->port());
    auto hub = Wire::from(cable.hub.listener());
    REQUIRE(cable.relay->set(Relay::Line::Silent));
    REQUIRE(kiosk.send("2A"));
    CHECK(hub.silentFor(50ms));
    REQUIRE(cable.relay->set(Relay::Line::Whole));
    CHECK(hub.readHex(1) == "2A");
}

TEST_CASE("relay: without a hub behind it connections break")
{
    Cable cable;
    cable.hub.close();
    auto kiosk = connectTo({"127.0.0.1", cable.relay->port()}, test::kDeadline);
    CHECK((!kiosk || Wire(std::move(*kiosk)).ends())); // broken while it is made, or at once
}
