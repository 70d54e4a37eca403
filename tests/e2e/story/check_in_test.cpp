// SPDX-License-Identifier: Apache-2.0
// Customers who come with a code: a time booked online, a number taken from afar, a form filled in.
#include <QTest>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"

using namespace guichet::test;

namespace {

const QString kMorning = QStringLiteral("2026-11-24T02:05:00Z"); ///< 10:05 at the outlet

/// Books a time today, as the booking page does.
nlohmann::json book(World& world, const std::string& start, const std::string& service = "cash")
{
    const auto hold = world.askHub("/v1/branches/demo/holds",
                                   {{"service", service}, {"start", "2026-11-24T" + start}});
    return world.askHub("/v1/holds/" + hold.at("id").get<std::string>() + "/confirm",
                        {{"name", "王小明"}, {"phone", "13800005621"}, {"language", "zh-CN"}});
}

nlohmann::json takeRemotely(World& world)
{
    return world.askHub("/v1/branches/demo/visits",
                        {{"service", "cash"}, {"language", "zh-CN"}, {"channel", "remote"}});
}

void toCamera(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    kiosk.touch(QStringLiteral("choice/code/"));
    REQUIRE(kiosk.reaches(QStringLiteral("scan")));
}

void show(World& world, const nlohmann::json& document)
{
    world.play("/camera/code", {{"text", document.at("checkInCode")}, {"degrees", 5}});
}

void enter(Kiosk& kiosk, const std::string& digits)
{
    for (const char digit : digits) {
        kiosk.touch(QStringLiteral("key/") + QLatin1Char(digit));
    }
    kiosk.touch(QStringLiteral("primary"));
}

/// A world whose camera can be used.
void waitForCamera(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    REQUIRE(kiosk.seesCodes());
}

} // namespace

TEST_CASE("check-in: a code held before the camera is in the line and on paper", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto booked = book(world, "10:30:00+08:00");
    CHECK(world.waiting() == 0);
    toCamera(kiosk);
    show(world, booked);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    REQUIRE(kiosk.page().ticket);
    CHECK(kiosk.page().ticket->service == QStringLiteral("现金业务"));
    CHECK(kiosk.page().ticket->qrText.contains(
        QString::fromStdString(booked.at("token").get<std::string>())));
    CHECK(printed(world, 1));
    CHECK(world.waiting() == 1);
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("attract")));
    CHECK(QTest::qWaitFor([&] { return !world.keepsSession(); }, 30'000));
}

TEST_CASE("check-in: the ten digits do as well, and a remote number keeps its number", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto remote = takeRemotely(world);
    toCamera(kiosk);
    kiosk.touch(QStringLiteral("choice/type/"));
    REQUIRE(kiosk.reaches(QStringLiteral("digits")));
    CHECK_FALSE(kiosk.offers(QStringLiteral("primary")));
    enter(kiosk, remote.at("code").get<std::string>());
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().ticket->label.toStdString() ==
          remote.at("ticket").at("label").get<std::string>());
    CHECK(printed(world, 1));
    CHECK(world.waiting() == 1);
}

TEST_CASE("check-in: whoever is too early may come back, or take a number for the same service",
          "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto booked = book(world, "16:00:00+08:00", "wealth");
    toCamera(kiosk);
    show(world, booked);
    REQUIRE(kiosk.reaches(QStringLiteral("tooEarly")));
    CHECK(kiosk.page().subtitle.contains(QStringLiteral("15:30")));
    world.play("/camera/clear");
    SECTION("comes back")
    {
        kiosk.touch(QStringLiteral("primary"));
        CHECK(kiosk.reaches(QStringLiteral("attract")));
        CHECK(world.waiting() == 0);
    }
    SECTION("takes a number")
    {
        kiosk.touch(QStringLiteral("choice/newNumber/"));
        REQUIRE(kiosk.reaches(QStringLiteral("card")));
        kiosk.touch(QStringLiteral("choice/skip/"));
        REQUIRE(kiosk.reaches(QStringLiteral("result")));
        CHECK(kiosk.page().ticket->service == QStringLiteral("理财业务"));
        CHECK(printed(world, 1));
    }
}

TEST_CASE("check-in: a code that is not ours says so and leads on", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    auto forged = takeRemotely(world).at("checkInCode").get<std::string>();
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    const auto code = GENERATE_COPY(std::string("https://example.org/"), forged);
    toCamera(kiosk);
    world.play("/camera/code", {{"text", code}});
    REQUIRE(kiosk.reaches(QStringLiteral("wrongCode")));
    CHECK(kiosk.page().title == QStringLiteral("这不是我们的预约码"));
    CHECK(kiosk.offers(QStringLiteral("choice/newNumber/")));
    CHECK(world.waiting() == 0);
}

TEST_CASE("check-in: a camera that is pulled out leaves the digits to type", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto remote = takeRemotely(world);
    toCamera(kiosk);
    world.play("/camera/plug", {{"in", false}});
    REQUIRE(kiosk.reaches(QStringLiteral("digits")));
    CHECK_FALSE(kiosk.offers(QStringLiteral("choice/camera/")));
    enter(kiosk, remote.at("code").get<std::string>());
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(world.waiting() == 1);
}

TEST_CASE("check-in: a hub that is cut off is waited for, and checks in once", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto booked = book(world, "10:30:00+08:00");
    toCamera(kiosk);
    world.play("/relay/hub", {{"cut", true}});
    show(world, booked);
    REQUIRE(kiosk.reaches(QStringLiteral("lost")));
    world.play("/relay/hub", {{"cut", false}});
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(world.waiting() == 1);
    CHECK(printed(world, 1));
}

TEST_CASE("check-in: a kiosk that dies while paper comes waits for that paper", "[e2e]")
{
    World world(kMorning);
    std::optional<Kiosk> kiosk(std::in_place, world.dataFolder());
    waitForCamera(*kiosk);
    const auto booked = book(world, "10:30:00+08:00");
    world.play("/printer/slow", {{"bytesPerSecond", 10'000}});
    toCamera(*kiosk);
    show(world, booked);
    REQUIRE(kiosk->reaches(QStringLiteral("printing")));
    REQUIRE(QTest::qWaitFor([&] { return world.state().at("printer").at("midTicket").get<bool>(); },
                            30'000));
    kiosk.reset();
    kiosk.emplace(world.dataFolder());
    REQUIRE(kiosk->reaches(QStringLiteral("result")));
    CHECK(printed(world, 1));
    CHECK(world.waiting() == 1);
}

TEST_CASE("check-in: a second time shows the number, and prints only if asked", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto booked = book(world, "10:30:00+08:00");
    toCamera(kiosk);
    show(world, booked);
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    const auto label = kiosk.page().ticket->label;
    kiosk.touch(QStringLiteral("primary"));
    toCamera(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("already")));
    CHECK(kiosk.page().ticket->label == label);
    CHECK(world.printedTickets() == 1);
    kiosk.touch(QStringLiteral("choice/copy/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(printed(world, 2));
    CHECK(world.waiting() == 1);
}

TEST_CASE("check-in: a form filled in online goes on at the kiosk where it was left", "[e2e]")
{
    World world(kMorning);
    Kiosk kiosk(world.dataFolder());
    waitForCamera(kiosk);
    const auto form =
        world.askHub("/v1/branches/demo/forms",
                     {{"journey", "take-ticket"}, {"fields", {{"service", "wealth"}}}});
    toCamera(kiosk);
    show(world, form);
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.page().ticket->service == QStringLiteral("理财业务"));
}
