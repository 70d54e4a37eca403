// SPDX-License-Identifier: Apache-2.0
// Customers as they are: they walk away, see badly, change their mind, or ask for somebody.
#include <QTest>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"

using namespace guichet::test;

namespace {

/// Longer than any step takes, and shorter than the tests' patience.
constexpr Kiosk::Patience kShort{.idle = 6, .warning = 2};

} // namespace

TEST_CASE("customer: who walks away is warned, and nothing of theirs is left", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder(), kShort);
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(world.keepsSession());
    REQUIRE(kiosk.reaches(QStringLiteral("warned")));
    CHECK(kiosk.page().countdownSeconds > 0);
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    CHECK_FALSE(kiosk.page().ticket);
    CHECK(kiosk.frame().language == QStringLiteral("zh-CN"));
    CHECK(QTest::qWaitFor([&] { return !world.keepsSession(); }, 30'000));
    CHECK(world.waiting() == 1); // the number itself stays good
}

TEST_CASE("customer: who is still there touches once and goes on where they were", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder(), {.idle = 6, .warning = 30});
    chooseCash(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("warned")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("card")));
    CHECK(kiosk.frame().language == QStringLiteral("en"));
}

TEST_CASE("customer: large letters and contrast stay for the visit and not for the next", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    kiosk.touch(QStringLiteral("elder"));
    REQUIRE(QTest::qWaitFor([&] { return kiosk.frame().elder; }, 30'000)); // buttons move
    kiosk.touch(QStringLiteral("contrast"));
    REQUIRE(QTest::qWaitFor([&] { return kiosk.frame().highContrast; }, 30'000));
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.frame().elder);
    CHECK(kiosk.frame().highContrast);
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    CHECK_FALSE(kiosk.frame().elder);
    CHECK_FALSE(kiosk.frame().highContrast);
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    REQUIRE(printed(world, 2));
    const auto papers = world.papers();
    CHECK(papers[0].at("height").get<int>() > papers[1].at("height").get<int>());
}

TEST_CASE("customer: another language may be chosen on any page, also with the number", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().ticket->service == QStringLiteral("Cash"));
    kiosk.touch(QStringLiteral("language"));
    REQUIRE(
        QTest::qWaitFor([&] { return kiosk.frame().language == QStringLiteral("zh-CN"); }, 30'000));
    CHECK(kiosk.page().ticket->service == QStringLiteral("现金业务"));
    CHECK(kiosk.page().ticket->label == QStringLiteral("A001"));
    CHECK(printed(world, 1));
    CHECK(world.waiting() == 1);
}

TEST_CASE("customer: help is one touch away, and the task stands where it was left", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    chooseLanguage(kiosk);
    askForHelp(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("waiting")));
    kiosk.touch(QStringLiteral("back"));
    CHECK(kiosk.reaches(QStringLiteral("service")));
}

TEST_CASE("customer: one after another, each has their own number and paper", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    for (const auto* label : {"A001", "A002", "A003"}) {
        takeNumber(kiosk);
        REQUIRE(kiosk.reaches(QStringLiteral("result")));
        CHECK(kiosk.page().ticket->label == QLatin1String(label));
        kiosk.touch(QStringLiteral("primary"));
    }
    CHECK(printed(world, 3));
    CHECK(world.waiting() == 3);
}
