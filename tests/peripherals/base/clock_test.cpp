// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/clock.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("clock: RFC 3339 times with any offset name one instant", "[base]")
{
    const auto utc = fromRfc3339("2026-11-24T02:15:00.120Z");
    REQUIRE(utc);
    CHECK(fromRfc3339("2026-11-24T10:15:00.12+08:00") == utc);
    CHECK(toRfc3339(*utc) == "2026-11-24T02:15:00.120Z");
    CHECK(toRfc3339(*utc, "Asia/Shanghai") == "2026-11-24T10:15:00+08:00");
}

TEST_CASE("clock: what is not RFC 3339 is refused", "[base]")
{
    const auto* text = GENERATE("", "2026-11-24", "2026-02-30T00:00:00Z", "2026-11-24T10:15:00",
                                "2026-11-24T25:00:00Z", "2026-11-24T10:15:00+8",
                                "2026-11-24T10:15:00.Z", "24/11/2026");
    CHECK_FALSE(fromRfc3339(text));
}

TEST_CASE("clock: a zone with summer time changes its offset", "[base]")
{
    CHECK(zoneOffset("Europe/Berlin", *fromRfc3339("2026-07-01T00:00:00Z")) ==
          std::chrono::hours(2));
    CHECK(zoneOffset("Europe/Berlin", *fromRfc3339("2026-12-01T00:00:00Z")) ==
          std::chrono::hours(1));
}

TEST_CASE("clock: an unknown or unsafe zone name is refused", "[base]")
{
    CHECK_FALSE(zoneOffset("Mars/Olympus", Instant{}));
    CHECK_FALSE(zoneOffset("../passwd", Instant{}));
}

TEST_CASE("clock: a wall clock jump leaves the monotonic clock alone", "[base]")
{
    ManualClock clock(*fromRfc3339("2026-11-24T02:00:00Z"));
    const auto before = clock.ticks();
    clock.jumpWall(-std::chrono::hours(2));
    CHECK(clock.ticks() == before);
    CHECK(toRfc3339(clock.now()) == "2026-11-24T00:00:00.000Z");
}
