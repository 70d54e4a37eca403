// SPDX-License-Identifier: Apache-2.0
// Remote staff with picture and sound: the real kiosk and its call process, the seat in a real
// browser.
#include <QDir>

#include <catch2/catch.hpp>

#include "tests/e2e/story/call_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"
#include "tests/e2e/support/seat.h"

using namespace guichet::test;

TEST_CASE("call: both see each other in the middle of a task, which goes on", "[e2e]")
{
    wantBrowser();
    World world;
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(kHub);
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    const auto customer = staff(seat, "sees");
    CHECK(customer.at("width") == 640);
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.offers(QStringLiteral("call/assistCamera/")));

    staff(seat, "writes", {{"text", "Go on without a card."}});
    CHECK(kiosk.isTold(QStringLiteral("Go on without a card.")));
    staff(seat, "points", {{"element", "choice-0"}});
    CHECK(kiosk.marksSomething());
    kiosk.picture("call-kiosk.png");
    keepPicture(seat, "call-seat.png");
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.seesStaff());

    const auto end = staff(seat, "hangsUp");
    CHECK(end.at("faults").empty());
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("result")));
}

TEST_CASE("call: by voice both are heard and nobody is seen", "[e2e]")
{
    wantBrowser();
    const World world;
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(kHub);
    beginHelp(kiosk, seat, "voice");
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    const auto customer = staff(seat, "hears");
    CHECK(customer.at("pictures") == 0);
    CHECK(kiosk.saysOfCall({}));
    CHECK_FALSE(kiosk.offers(QStringLiteral("call/assistCamera/")));
    kiosk.picture("call-voice-kiosk.png");
    keepPicture(seat, "call-voice-seat.png");
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(staff(seat, "hangsUp").at("faults").empty());
}

TEST_CASE("call: in words alone nothing is sent but words", "[e2e]")
{
    wantBrowser();
    const World world;
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(kHub);
    beginHelp(kiosk, seat, "text");
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    staff(seat, "writes", {{"text", "Go on without a card."}});
    CHECK(kiosk.isTold(QStringLiteral("Go on without a card.")));
    CHECK(kiosk.saysOfCall({}));
    kiosk.picture("call-words-kiosk.png");
    keepPicture(seat, "call-words-seat.png");
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    const auto end = staff(seat, "hangsUp");
    CHECK(end.at("faults").empty());
    CHECK(end.at("connections") == 0);
}

TEST_CASE("call: both see each other through coturn, by credentials of the hub", "[e2e]")
{
    wantBrowser();
    const Coturn coturn(Coturn::withBranches());
    const World world({}, outletWith(coturn));
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(kHub);
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    const auto customer = staff(seat, "sees");
    CHECK(customer.at("width") == 640);
    CHECK(customer.at("local") == "relay");
    CHECK(kiosk.seesStaff());
    CHECK(coturn.allocations("seat") > 0);
    CHECK(coturn.allocations("terminal") > 0);
    CHECK(coturn.refusals("seat") + coturn.refusals("terminal") == 0);
    CHECK(staff(seat, "hangsUp").at("faults").empty());
}

TEST_CASE("call: recorded once the customer agrees, never before, and given to the hub", "[e2e]")
{
    wantBrowser();
    World world;
    const BankKeys bank(world.dataFolder());
    Kiosk kiosk(world.dataFolder(), {.calls = true, .recordKey = bank.publicKey()});
    Browser seat(kHub);
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.picture("call-consent.png");
    CHECK(Evidence::atKiosk(world, bank).cases().isEmpty());

    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    staff(seat, "sees");
    CHECK(kiosk.saysRecording());
    CHECK(kiosk.seesStaff());
    kiosk.picture("call-recorded.png");
    staff(seat, "hangsUp");
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));

    CHECK(givenToHub(world, bank));
    CHECK(Evidence::atHub(world, bank).verified());
}

TEST_CASE("call: who will not be recorded is led to the counter, with the task as it stood",
          "[e2e]")
{
    World world;
    const BankKeys bank(world.dataFolder());
    Kiosk kiosk(world.dataFolder(), {.calls = true, .recordKey = bank.publicKey()});
    Seat seat;
    chooseCash(kiosk);
    askForHelp(kiosk);
    seat.takeCall();
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.touch(QStringLiteral("back"));
    REQUIRE(kiosk.reaches(QStringLiteral("unrecorded")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("card")));
    CHECK_FALSE(QDir(world.dataFolder() + QStringLiteral("/kiosk/evidence")).exists());
}
