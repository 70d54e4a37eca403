// SPDX-License-Identifier: Apache-2.0
// Remote staff who reach a terminal by the bank's relay alone: the real coturn with the bank's
// configuration.
#include <catch2/catch.hpp>

#include "tests/e2e/story/call_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"

using namespace guichet::test;

TEST_CASE("call relay: both see each other through coturn, by credentials of the hub", "[e2e]")
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
