// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/deadlines.h"

#include <vector>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::net;
using namespace std::chrono_literals;

namespace {

constexpr Deadlines::Lengths kLengths{1s, 2s, 3s, 4s, 5s, 6s, 7s};

std::vector<Deadlines::Owner> popAll(Deadlines& deadlines)
{
    std::vector<Deadlines::Owner> owners;
    while (const auto due = deadlines.popDue()) {
        owners.push_back(due->owner);
    }
    return owners;
}

} // namespace

TEST_CASE("net: a deadline is due after its length, and once", "[net]")
{
    Deadlines deadlines(kLengths);
    Deadlines::Place place(deadlines, 7);
    CHECK(deadlines.nextWait() == 60s);
    place.arm(Deadline::Body);
    CHECK(deadlines.nextWait() == 2s);
    deadlines.setNow(Ticks(1999ms));
    CHECK(deadlines.nextWait() == 1ms);
    CHECK_FALSE(deadlines.popDue());
    deadlines.setNow(Ticks(2s));
    CHECK(deadlines.nextWait() == 0ms);
    const auto due = deadlines.popDue();
    REQUIRE(due);
    CHECK(due->owner == 7);
    CHECK(due->kind == Deadline::Body);
    CHECK_FALSE(place.armed());
    CHECK_FALSE(deadlines.popDue());
}

TEST_CASE("net: who arms again waits behind those who did not", "[net]")
{
    Deadlines deadlines(kLengths);
    Deadlines::Place first(deadlines, 1);
    Deadlines::Place second(deadlines, 2);
    first.arm(Deadline::Idle);
    second.arm(Deadline::Idle);
    deadlines.setNow(Ticks(1s));
    first.arm(Deadline::Idle);
    deadlines.setNow(Ticks(3s));
    CHECK(popAll(deadlines) == std::vector<Deadlines::Owner>{2});
    deadlines.setNow(Ticks(4s));
    CHECK(popAll(deadlines) == std::vector<Deadlines::Owner>{1});
}

TEST_CASE("net: who disarms or goes is not due", "[net]")
{
    Deadlines deadlines(kLengths);
    Deadlines::Place stays(deadlines, 1);
    stays.arm(Deadline::Header);
    {
        Deadlines::Place goes(deadlines, 2);
        goes.arm(Deadline::Header);
    }
    stays.disarm();
    deadlines.setNow(Ticks(1h));
    CHECK(popAll(deadlines).empty());
    CHECK(deadlines.nextWait() == 60s);
}
