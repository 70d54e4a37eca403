// SPDX-License-Identifier: Apache-2.0
// From the telephone to the counter: everything real, everything in one run.
#include <QTest>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/browser.h"

using namespace guichet::test;

TEST_CASE("story: booked on the telephone, checked in at the kiosk, called by a teller, spoken in "
          "the lobby",
          "[e2e]")
{
    if (!Browser::available()) {
        std::_Exit(77); // skipped
    }
    World world(QStringLiteral("2026-11-24T02:05:00Z")); // 10:05 at the outlet
    Kiosk kiosk(world.dataFolder());
    REQUIRE(kiosk.seesCodes());
    Browser browser(QStringLiteral("http://127.0.0.1:8480"));
    const auto picture = world.dataFolder() + QStringLiteral("/code.png");
    const auto booked = browser.step({{"who", "customer"},
                                      {"does", "books"},
                                      {"service", "现金业务"},
                                      {"time", "10:30"},
                                      {"picture", picture.toStdString()}});
    CHECK(booked.at("faults").empty());
    browser.step({{"who", "display"}, {"does", "stands"}});
    browser.step({{"who", "teller"}, {"does", "signsOn"}, {"counter", "2"}});

    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    kiosk.touch(QStringLiteral("choice/code/"));
    REQUIRE(kiosk.reaches(QStringLiteral("scan")));
    world.play("/camera/picture", {{"file", picture.toStdString()}}); // the telephone held up
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    const auto label = kiosk.page().ticket->label.toStdString();
    CHECK(printed(world, 1));
    CHECK(world.waiting() == 1);

    browser.step({{"who", "customer"}, {"does", "reads"}, {"text", label}});
    const auto called = browser.step({{"who", "teller"}, {"does", "calls"}});
    CHECK(called.at("label") == label);
    const auto spoken = browser.step({{"who", "display"}, {"does", "shows"}, {"label", label}});
    CHECK(spoken.at("kind") == "RIFFWAVE");
    CHECK(spoken.at("ms").get<int>() > 1000);
    CHECK(spoken.at("loudest").get<int>() > 8000);
    CHECK(spoken.at("faults").empty());
    browser.step({{"who", "customer"}, {"does", "reads"}, {"text", "请到 2 号窗口"}});
    CHECK(browser.step({{"who", "teller"}, {"does", "finishes"}}).at("faults").empty());
    CHECK(world.visits("done") == 1);
}
