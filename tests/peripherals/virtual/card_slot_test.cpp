// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/card_slot.h"

#include <catch2/catch.hpp>

#include "wire.h"

using namespace guichet;
using namespace guichet::virtualdevices;
using namespace std::chrono_literals;
using guichet::test::Wire;

namespace {

/// The driver's end: listens as pcscd's vpcd does.
struct Driver {
    UniqueFd listener = std::move(*listenOn({"127.0.0.1", 0}));
    CardSlot slot{Endpoint{"127.0.0.1", portOf(listener.get())}};

    Wire insert(std::string_view name)
    {
        REQUIRE(slot.insert(*makeSlotCard(name), 0ms));
        return Wire::from(listener.get());
    }
};

std::string framed(std::string_view hex)
{
    const auto length = hex.size() / 2;
    return toHex(Bytes{static_cast<std::byte>(length >> 8), static_cast<std::byte>(length)}) +
           std::string(hex);
}

std::string tell(Wire& wire, std::string_view hex)
{
    REQUIRE(wire.send(framed(hex)));
    const auto length = wire.read(2);
    if (length.size() < 2) {
        return "";
    }
    return wire.readHex(std::to_integer<std::size_t>(length[0]) << 8 |
                        std::to_integer<std::size_t>(length[1]));
}

const std::string kUnknown = "00FE000000"; ///< answered with 6D00

} // namespace

TEST_CASE("card slot: the driver gets the ATR of the card that was put in")
{
    Driver driver;
    auto wire = driver.insert("visa");
    REQUIRE(wire.send(framed("00")));
    REQUIRE(wire.send(framed("01")));
    CHECK(tell(wire, "04") == "3B80800101");
    CHECK(test::eventually([&] { return driver.slot.state().connected; }));
}

TEST_CASE("card slot: a message may come in pieces")
{
    Driver driver;
    auto wire = driver.insert("visa");
    for (const char* piece : {"00", "05", "00FE", "0000", "00"}) {
        REQUIRE(wire.send(piece));
    }
    CHECK(wire.readHex(4) == "00026D00");
}

TEST_CASE("card slot: pulling the card ends the line")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    CHECK(driver.slot.remove());
    CHECK(wire.ends());
    CHECK_FALSE(driver.slot.remove());
    CHECK(driver.slot.state().card.empty());
}

TEST_CASE("card slot: a second card does not fit")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    const auto second = driver.slot.insert(*makeSlotCard("visa"), 0ms);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::Conflict);
}

TEST_CASE("card slot: a card torn after an APDU answers that one")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    REQUIRE(driver.slot.tearAfter(2, false));
    CHECK(tell(wire, kUnknown) == "6D00");
    CHECK(tell(wire, kUnknown) == "6D00");
    CHECK(wire.ends());
    CHECK(driver.slot.state().card.empty());
}

TEST_CASE("card slot: a card torn inside an APDU does not answer it")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    REQUIRE(driver.slot.tearAfter(2, true));
    CHECK(tell(wire, kUnknown) == "6D00");
    CHECK(tell(wire, kUnknown).empty());
}

TEST_CASE("card slot: a tear that has passed pulls the card at once")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    CHECK(tell(wire, kUnknown) == "6D00");
    REQUIRE(driver.slot.tearAfter(1, false));
    CHECK(wire.ends());
}

TEST_CASE("card slot: a mute card keeps the line and never answers")
{
    Driver driver;
    auto wire = driver.insert("mute");
    CHECK(tell(wire, "04") == "3B6500002063CB6600");
    REQUIRE(wire.send(framed(kUnknown)));
    CHECK(test::eventually([&] { return driver.slot.state().apdus == 1; }));
    CHECK(wire.silentFor(50ms));
    CHECK(driver.slot.remove());
    CHECK(wire.ends());
}

TEST_CASE("card slot: a card is mute from the APDU asked for")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    REQUIRE(driver.slot.mute(2));
    CHECK(tell(wire, kUnknown) == "6D00");
    REQUIRE(wire.send(framed(kUnknown)));
    CHECK(test::eventually([&] { return driver.slot.state().apdus == 2; }));
    CHECK(wire.silentFor(50ms));
}

TEST_CASE("card slot: a slow card takes its time")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    REQUIRE(driver.slot.delay(80ms));
    const auto start = std::chrono::steady_clock::now();
    CHECK(tell(wire, kUnknown) == "6D00");
    CHECK(std::chrono::steady_clock::now() - start >= 80ms);
}

TEST_CASE("card slot: pulling a slow card does not wait for its answer")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    REQUIRE(driver.slot.delay(60s));
    REQUIRE(wire.send(framed(kUnknown)));
    CHECK(test::eventually([&] { return driver.slot.state().apdus == 1; }));
    CHECK(driver.slot.remove());
    CHECK(wire.ends());
}

TEST_CASE("card slot: a card calls a driver that comes back")
{
    Driver driver;
    {
        auto wire = driver.insert("unionpay");
        CHECK(tell(wire, "04") == "3B6500002063CB6600");
    }
    auto again = Wire::from(driver.listener.get());
    CHECK(tell(again, "04") == "3B6500002063CB6600");
}

TEST_CASE("card slot: the next card comes a second after the last one went")
{
    Driver driver;
    auto wire = driver.insert("unionpay");
    CHECK(driver.slot.remove());
    CHECK(wire.ends());
    const auto start = std::chrono::steady_clock::now();
    auto next = driver.insert("visa");
    CHECK(std::chrono::steady_clock::now() - start >= 900ms);
    CHECK(tell(next, "04") == "3B80800101");
}
