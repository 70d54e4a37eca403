// SPDX-License-Identifier: Apache-2.0
// From the last press on the kiosk to the knife of the virtual printer: the number is committed by
// the hub, the form laid out, sent, and cut. The printer is asked every 10 ms at most.
#include <QTest>
#include <chrono>

#include <catch2/catch.hpp>

#include "tests/bench/story/figures.h"
#include "tests/e2e/support/kiosk.h"
#include "tests/e2e/support/world.h"

using namespace guichet::test;

TEST_CASE("bench: press to paper", "[bench]")
{
    constexpr std::size_t kTickets = 20;
    World world;
    Kiosk kiosk(world.dataFolder());
    std::vector<double> milliseconds;
    for (std::size_t ticket = 0; ticket < kTickets; ++ticket) {
        REQUIRE(kiosk.reaches(QStringLiteral("attract")));
        kiosk.touch(QStringLiteral("primary"));
        REQUIRE(kiosk.reaches(QStringLiteral("language")));
        kiosk.touch(QStringLiteral("choice/language/zh-CN"));
        REQUIRE(kiosk.reaches(QStringLiteral("service")));
        kiosk.touch(QStringLiteral("choice/service/cash"));
        REQUIRE(kiosk.reaches(QStringLiteral("card")));
        const auto start = std::chrono::steady_clock::now();
        kiosk.touch(QStringLiteral("choice/skip/"));
        REQUIRE(QTest::qWaitFor([&] { return world.printedTickets() == ticket + 1; }, 30'000));
        milliseconds.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
        REQUIRE(kiosk.reaches(QStringLiteral("result")));
        kiosk.touch(QStringLiteral("primary"));
    }
    guichet::bench::print("press to the last byte at the printer", std::move(milliseconds));
    guichet::bench::printMemory("kiosk, memory after 20 journeys");
}
