// SPDX-License-Identifier: Apache-2.0
// A customer in mid-call is handed to another member of staff: the real kiosk, two seats in a
// browser.
#include <catch2/catch.hpp>

#include "tests/e2e/story/call_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"

using namespace guichet::test;

TEST_CASE("call transfer: picture, case, page and recording go with the customer", "[e2e]")
{
    wantBrowser();
    const World world;
    const BankKeys bank(world.dataFolder());
    Kiosk kiosk(world.dataFolder(), {.calls = true, .recordKey = bank.publicKey()});
    Browser seats(kHub);
    beginHelp(kiosk, seats);
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    staff(seats, "sees");
    staff(seats, "writes", {{"text", "A colleague knows more of this."}});
    CHECK(kiosk.isTold(QStringLiteral("A colleague knows more of this.")));

    staff(seats, "sits", {}, "expert");
    staff(seats, "transfers", {{"to", "expert"}});
    staff(seats, "accepts", {}, "expert");
    REQUIRE(kiosk.reaches(QStringLiteral("card"))); // the customer is not asked again
    CHECK(staff(seats, "sees", {}, "expert").at("width") == 640);
    CHECK(kiosk.seesStaff());
    CHECK(kiosk.saysOfCall({}));
    CHECK(kiosk.saysRecording());
    staff(seats, "reads", {{"text", "A colleague knows more of this."}}, "expert");
    staff(seats, "reads", {{"text", kiosk.page().title.toStdString()}}, "expert");
    CHECK(staff(seats, "leftOver") ==
          nlohmann::json{{"video", 0}, {"mirror", 0}, {"case", 0}, {"open", 0}});
    keepPicture(seats, "call-transfer-agent.png");
    keepPicture(seats, "call-transfer-expert.png", "expert");

    CHECK(staff(seats, "hangsUp", {}, "expert").at("faults").empty());
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    CHECK(givenToHub(world, bank));
    const auto evidence = Evidence::atHub(world, bank);
    CHECK(evidence.verified());
    CHECK(evidence.tracks().contains(QStringLiteral("local-video")));
    CHECK_FALSE(evidence.tracks().contains(QStringLiteral("local-video-2"))); // without a gap
}
