// SPDX-License-Identifier: Apache-2.0
// What the customer is told and can do when a device is not as it should be.
#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"

using namespace guichet::test;

namespace {

/// Takes a number that the printer does not print, and sees what the customer is told; mends the
/// printer and has it printed.
void printsAfterMending(World& world, const std::string& fault, const nlohmann::json& broken,
                        const nlohmann::json& mended, const QString& told)
{
    Kiosk kiosk(world.dataFolder());
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    world.play(fault, broken);
    REQUIRE(kiosk.showsNotices(1)); // known before anybody waits for paper
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("printTrouble")));
    INFO(kiosk.page().subtitle.toStdString());
    CHECK(kiosk.page().subtitle.contains(told));
    CHECK(kiosk.page().ticket->label == QStringLiteral("A001"));
    CHECK_FALSE(kiosk.offers(QStringLiteral("choice/again/")));
    world.play(fault, mended);
    kiosk.touch(QStringLiteral("choice/again/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.showsNotices(0));
    CHECK(printed(world, 1));
    CHECK(world.waiting() == 1);
}

} // namespace

TEST_CASE("trouble: a cover that is open is named, and closed again it prints", "[e2e]")
{
    World world;
    printsAfterMending(world, "/printer/cover", {{"open", true}}, {{"open", false}},
                       QStringLiteral("The printer is open"));
}

TEST_CASE("trouble: a printer taken off-line prints when it is back", "[e2e]")
{
    World world;
    printsAfterMending(world, "/printer/offline", {{"on", true}}, {{"on", false}},
                       QStringLiteral("The printer is getting ready"));
}

TEST_CASE("trouble: a printer without power prints when it is back", "[e2e]")
{
    World world;
    printsAfterMending(world, "/printer/power", {{"on", false}}, {{"on", true}},
                       QStringLiteral("The printer is not available"));
}

TEST_CASE("trouble: a jammed cutter is mended and prints one ticket", "[e2e]")
{
    World world;
    printsAfterMending(world, "/printer/jam", {{"on", true}}, {{"on", false}},
                       QStringLiteral("The printer is not available"));
}

TEST_CASE("trouble: paper that is nearly out still prints", "[e2e]")
{
    World world;
    world.play("/printer/paper", {{"state", "low"}});
    Kiosk kiosk(world.dataFolder());
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(printed(world, 1));
}

TEST_CASE("trouble: a slow printer keeps nobody from leaving with the number", "[e2e]")
{
    World world;
    world.play("/printer/slow", {{"bytesPerSecond", 2000}});
    Kiosk kiosk(world.dataFolder());
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("printing")));
    CHECK(kiosk.page().ticket->label == QStringLiteral("A001"));
    kiosk.touch(QStringLiteral("back")); // "Skip paper"
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    world.play("/printer/slow", {{"bytesPerSecond", 0}});
    CHECK(printed(world, 1)); // bytes had left: that paper is finished
    kiosk.touch(QStringLiteral("primary"));
    takeNumber(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(printed(world, 2)); // and no other was begun
}

TEST_CASE("trouble: devices that are gone leave a number on the screen, and paper when back",
          "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    REQUIRE(kiosk.showsNotices(0));
    world.killDevices();
    REQUIRE(kiosk.showsNotices(2)); // reader and printer
    chooseLanguage(kiosk);
    kiosk.touch(QStringLiteral("choice/service/cash"));
    const auto page = kiosk.reachesOneOf({QStringLiteral("card"), QStringLiteral("cardTrouble")});
    REQUIRE_FALSE(page.isEmpty());
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("printTrouble")));
    CHECK(kiosk.page().ticket->label == QStringLiteral("A001"));
    world.startDevices();
    kiosk.touch(QStringLiteral("choice/again/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(printed(world, 1));
}

TEST_CASE("trouble: a hub that is cut off is told of on the first page, and when it is back",
          "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    REQUIRE(kiosk.showsNotices(0));
    world.play("/relay/hub", {{"cut", true}});
    CHECK(kiosk.showsNotices(1));
    world.play("/relay/hub", {{"cut", false}});
    CHECK(kiosk.showsNotices(0));
}

TEST_CASE("trouble: a card that falls silent may be taken out and put in again", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    chooseCash(kiosk);
    world.play("/card/insert", {{"card", "slow"}});
    world.play("/card/mute", {{"atApdu", 3}});
    REQUIRE(kiosk.reaches(QStringLiteral("cardTrouble")));
    world.play("/card/remove");
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    world.play("/card/insert", {{"card", "unionpay"}});
    REQUIRE(kiosk.reaches(QStringLiteral("takeCard")));
    world.play("/card/remove");
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(world.waiting() == 1);
    CHECK(printed(world, 1));
}

TEST_CASE("trouble: a card left behind sounds the alarm and keeps the number", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder(), {.alarm = 1});
    chooseCash(kiosk);
    world.play("/card/insert", {{"card", "unionpay"}});
    REQUIRE(kiosk.reaches(QStringLiteral("takeCard")));
    REQUIRE(kiosk.reaches(QStringLiteral("cardForgotten")));
    CHECK_FALSE(kiosk.offers(QStringLiteral("back")));
    world.play("/card/remove");
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().ticket->label == QStringLiteral("A001"));
}
