// SPDX-License-Identifier: Apache-2.0
// kill -9 to each part of a call, one after the other: both are told, the call comes back, and
// nothing recorded is lost.
#include <QElapsedTimer>
#include <QTest>
#include <optional>

#include <catch2/catch.hpp>

#include "tests/e2e/story/call_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"
#include "tests/e2e/support/kiosk_program.h"

using namespace guichet::test;

namespace {

constexpr double kLost = 2; ///< seconds of a recording that a kill may cost

/// A customer who has agreed to be recorded, and is seen.
void talk(Kiosk& kiosk, Browser& seat)
{
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.saysRecording());
}

/// True as soon as both sides of the call have been recorded for some seconds.
bool recordedAWhile(const World& world, const BankKeys& keys)
{
    const auto evidence = Evidence::atKiosk(world, keys);
    return QTest::qWaitFor(
        [&] {
            return !evidence.cases().isEmpty() &&
                   evidence.endOf(QStringLiteral("remote-audio")) > 2 * kLost;
        },
        30'000);
}

double seconds(const QElapsedTimer& since)
{
    return static_cast<double>(since.elapsed()) / 1000;
}

} // namespace

TEST_CASE("call killed: guichet-call comes again, sees, and goes on with the same case", "[e2e]")
{
    wantBrowser();
    const World world;
    const BankKeys bank(world.dataFolder());
    Kiosk kiosk(world.dataFolder(), {.calls = true, .recordKey = bank.publicKey()});
    Browser seat(kHub);
    talk(kiosk, seat);
    QElapsedTimer recorded;
    recorded.start();
    staff(seat, "sees");
    REQUIRE(recordedAWhile(world, bank));
    killProgram("guichet-call");
    const auto killed = seconds(recorded);
    CHECK(kiosk.saysOfCall(QStringLiteral("The line is cut; connecting again…")));
    staff(seat, "reads", {{"text", "Line lost, coming back"}});
    CHECK(kiosk.page().id == QStringLiteral("card")); // the task's page stays
    staff(seat, "sees");
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.saysRecording());
    CHECK(kiosk.saysOfCall({}));

    CHECK(staff(seat, "hangsUp").at("faults").empty());
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    CHECK(givenToHub(world, bank));
    const auto evidence = Evidence::atHub(world, bank);
    CHECK(evidence.verified());
    CHECK(evidence.endOf(QStringLiteral("local-video")) > killed - kLost);
    CHECK(evidence.endOf(QStringLiteral("remote-audio")) > killed - kLost);
    CHECK(evidence.endOf(QStringLiteral("local-video-2")) > 0);
}

TEST_CASE("call killed: a kiosk goes on with call, consent and case", "[e2e]")
{
    wantBrowser();
    const World world;
    const BankKeys bank(world.dataFolder());
    std::optional<KioskProgram> kiosk(std::in_place, world.dataFolder(), bank.publicKey());
    Browser seat(kHub);
    staff(seat, "sits");
    kiosk->chooseCash();
    askForHelp(*kiosk);
    staff(seat, "accepts");
    REQUIRE(kiosk->reaches(QStringLiteral("consent")));
    kiosk->kill();
    staff(seat, "reads", {{"text", "the customer's terminal is disconnected"}});
    kiosk.emplace(world.dataFolder(), bank.publicKey());
    REQUIRE(kiosk->reaches(QStringLiteral("consent"))); // it was not answered
    kiosk->touch(QStringLiteral("primary"));
    REQUIRE(kiosk->saysRecording());
    QElapsedTimer recorded;
    recorded.start();
    staff(seat, "sees");

    REQUIRE(recordedAWhile(world, bank));
    const auto killed = seconds(recorded);
    kiosk->kill();
    staff(seat, "reads", {{"text", "the customer's terminal is disconnected"}});
    kiosk.emplace(world.dataFolder(), bank.publicKey());
    REQUIRE(kiosk->reaches(QStringLiteral("card"))); // it was answered
    CHECK(kiosk->saysRecording());
    staff(seat, "sees");
    CHECK(kiosk->seesStaff());

    CHECK(staff(seat, "hangsUp").at("faults").empty());
    REQUIRE(kiosk->reaches(QStringLiteral("helped")));
    CHECK(givenToHub(world, bank));
    const auto evidence = Evidence::atHub(world, bank);
    CHECK(evidence.verified());
    CHECK(evidence.endOf(QStringLiteral("local-video")) > killed - kLost);
    CHECK(evidence.endOf(QStringLiteral("local-video-2")) > 0);
}

TEST_CASE("call killed: a relay that is started again carries the call again", "[e2e]")
{
    wantBrowser();
    Coturn coturn(Coturn::withBranches());
    const World world({}, outletWith(coturn));
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(kHub);
    beginHelp(kiosk, seat);
    staff(seat, "sees");
    const auto before = coturn.allocations("seat");
    coturn.kill();
    staff(seat, "reads", {{"text", "The picture stands still"}});
    CHECK(kiosk.saysOfCall(QStringLiteral("The line is poor")));
    coturn.start();
    CHECK(staff(seat, "sees").at("local") == "relay");
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.saysOfCall({}));
    CHECK(coturn.allocations("seat") > before);
    CHECK(staff(seat, "hangsUp").at("faults").empty());
}

TEST_CASE("call killed: a seat's tab that is opened again is back in the call", "[e2e]")
{
    wantBrowser();
    const World world;
    const BankKeys bank(world.dataFolder());
    Kiosk kiosk(world.dataFolder(), {.calls = true, .recordKey = bank.publicKey()});
    Browser seat(kHub);
    talk(kiosk, seat);
    staff(seat, "sees");
    staff(seat, "vanishes");
    CHECK(kiosk.saysOfCall(QStringLiteral("The line is poor")));
    staff(seat, "sits");
    staff(seat, "sees");
    CHECK(kiosk.saysOfCall({}));
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.saysRecording());
    CHECK(staff(seat, "hangsUp").at("faults").empty());
    CHECK(givenToHub(world, bank));
    CHECK(Evidence::atHub(world, bank).verified());
}

TEST_CASE("call killed: a seat's tab that stays away gives its customer to the next", "[e2e]")
{
    wantBrowser();
    const World world({}, "[assists]\nseat_grace_s = 3\n");
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seats(kHub);
    beginHelp(kiosk, seats);
    staff(seats, "sees");
    staff(seats, "vanishes");
    REQUIRE(kiosk.reaches(QStringLiteral("waiting"))); // told, and in the line again
    staff(seats, "sits", {}, "expert");
    staff(seats, "accepts", {}, "expert");
    staff(seats, "sees", {}, "expert");
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    CHECK(kiosk.seesStaff());
    CHECK(staff(seats, "hangsUp", {}, "expert").at("faults").empty());
}

TEST_CASE("call killed: without the hub picture and sound go on, and with it the case does",
          "[e2e]")
{
    wantBrowser();
    World world;
    const BankKeys bank(world.dataFolder());
    Kiosk kiosk(world.dataFolder(), {.calls = true, .recordKey = bank.publicKey()});
    Browser seat(kHub);
    talk(kiosk, seat);
    staff(seat, "sees");
    staff(seat, "writes", {{"text", "Before the hub died."}});
    CHECK(kiosk.isTold(QStringLiteral("Before the hub died.")));
    world.killHub();
    CHECK(kiosk.saysOfCall(QStringLiteral("The line is cut; connecting again…")));
    staff(seat, "reads", {{"text", "The outlet cannot be reached; reconnecting."}});
    staff(seat, "sees");
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.saysRecording());
    world.startHub();
    CHECK(kiosk.saysOfCall({}));
    staff(seat, "reads", {{"text", "In a call · Video"}});
    staff(seat, "writes", {{"text", "After the hub came back."}});
    CHECK(kiosk.isTold(QStringLiteral("After the hub came back.")));
    staff(seat, "sees");
    CHECK(staff(seat, "hangsUp").at("faults").empty());
    CHECK(givenToHub(world, bank));
    const auto evidence = Evidence::atHub(world, bank);
    CHECK(evidence.verified());
    CHECK_FALSE(evidence.tracks().contains(QStringLiteral("local-video-2"))); // without a gap
}
