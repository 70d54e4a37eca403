// SPDX-License-Identifier: Apache-2.0
// Remote staff with picture and sound: the real kiosk and its call process, the seat in a real
// browser.
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"

using namespace guichet::test;

TEST_CASE("call: both see each other in the middle of a task, which goes on", "[e2e]")
{
    if (!Browser::available()) {
        std::_Exit(77); // skipped
    }
    World world;
    Kiosk kiosk(world.dataFolder(), {.calls = true});
    Browser seat(QStringLiteral("http://127.0.0.1:8480"));
    seat.step({{"who", "agent"}, {"does", "sits"}});
    chooseCash(kiosk);
    kiosk.touch(QStringLiteral("help"));
    seat.step({{"who", "agent"}, {"does", "accepts"}});
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    const auto customer = seat.step({{"who", "agent"}, {"does", "sees"}});
    CHECK(customer.at("width") == 640);
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.offers(QStringLiteral("call/assistCamera/")));

    seat.step({{"who", "agent"}, {"does", "writes"}, {"text", "Go on without a card."}});
    CHECK(kiosk.isTold(QStringLiteral("Go on without a card.")));
    kiosk.picture("call-kiosk.png");
    if (const auto folder = qEnvironmentVariable("GUICHET_PICTURES"); !folder.isEmpty()) {
        seat.step({{"who", "agent"},
                   {"does", "pictured"},
                   {"file", folder.toStdString() + "/call-seat.png"}});
    }
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK(kiosk.seesStaff());

    const auto end = seat.step({{"who", "agent"}, {"does", "hangsUp"}});
    CHECK(end.at("faults").empty());
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("result")));
}
