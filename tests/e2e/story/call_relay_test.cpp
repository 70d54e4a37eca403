// SPDX-License-Identifier: Apache-2.0
// Remote staff who reach a terminal by the bank's relay alone: the real coturn with the bank's
// configuration.
#include <QDateTime>
#include <chrono>

#include <catch2/catch.hpp>

#include "tests/e2e/story/call_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"

using namespace guichet::test;

namespace {

QString ago(std::chrono::seconds span)
{
    return QDateTime::currentDateTimeUtc().addSecs(-span.count()).toString(Qt::ISODate);
}

} // namespace

TEST_CASE("call relay: refused credentials leave words, and fresh ones bring the picture back",
          "[e2e]")
{
    wantBrowser();
    const Coturn coturn(Coturn::withBranches());
    World world(ago(std::chrono::seconds(70)), outletWith(coturn) + "lifetime_s = 60\n");
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(kHub);
    beginHelp(kiosk, seat);
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    CHECK(kiosk.saysOfCall(QStringLiteral("No picture for now: please write")));
    staff(seat, "reads", {{"text", "In a call · Text"}});
    staff(seat, "writes", {{"text", "I am still here."}});
    CHECK(kiosk.isTold(QStringLiteral("I am still here.")));
    CHECK(coturn.refusals("seat") > 0);
    CHECK(coturn.refusals("terminal") > 0);
    CHECK(coturn.allocations("seat") + coturn.allocations("terminal") == 0);
    kiosk.picture("call-words-kiosk.png");
    keepPicture(seat, "call-words-seat.png");

    world.killHub(); // somebody puts its clock right
    world.setHubClock({});
    world.startHub();
    CHECK(staff(seat, "sees").at("local") == "relay");
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.saysOfCall({}));
    staff(seat, "reads", {{"text", "In a call · Video"}});
    CHECK(staff(seat, "hangsUp").at("faults").empty());
}
