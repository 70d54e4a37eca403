// SPDX-License-Identifier: Apache-2.0
// From the moment a code is in the camera's view to the page that says "you are checked in": the
// camera's frame, the reader, the journal, the hub's commit. The page is asked every 10 ms at most.
#include <QTest>
#include <chrono>

#include <catch2/catch.hpp>

#include "tests/bench/story/figures.h"
#include "tests/e2e/support/kiosk.h"
#include "tests/e2e/support/world.h"

using namespace guichet::test;

TEST_CASE("bench: check-in", "[bench]")
{
    constexpr int kCustomers = 20;
    World world(QStringLiteral("2026-11-24T02:05:00Z")); // 10:05 at the outlet
    Kiosk kiosk(world.dataFolder());
    REQUIRE(kiosk.seesCodes());
    std::vector<double> milliseconds;
    for (int customer = 0; customer < kCustomers; ++customer) {
        const auto remote = world.askHub(
            "/v1/branches/demo/visits",
            {{"service", "cash"}, {"language", "zh-CN"}, {"channel", "remote"}}, "demo-kiosk");
        REQUIRE(kiosk.reaches(QStringLiteral("attract")));
        kiosk.touch(QStringLiteral("choice/code/"));
        REQUIRE(kiosk.reaches(QStringLiteral("scan")));
        const auto start = std::chrono::steady_clock::now();
        world.play("/camera/code", {{"text", remote.at("checkInCode")}, {"degrees", 8}});
        REQUIRE(QTest::qWaitFor([&] { return kiosk.page().ticket.has_value(); }, 30'000));
        milliseconds.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
        world.play("/camera/clear");
        REQUIRE(kiosk.reaches(QStringLiteral("result")));
        kiosk.touch(QStringLiteral("primary"));
    }
    guichet::bench::print("code in view until checked in", std::move(milliseconds));
}
