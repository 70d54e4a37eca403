// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_notes.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::kiosk;
using nlohmann::json;

namespace {

/// Notes of one terminal, and what guichet-call heard.
struct Desk {
    std::vector<json> heard;
    ManualClock clock{Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 27))};
    CaseNotes notes{[this](const json& command) {
                        heard.push_back(command);
                        return true;
                    },
                    clock};
};

} // namespace

TEST_CASE("case notes: without a case nothing is said or kept")
{
    Desk desk;
    desk.notes.note({{"event", "page"}});
    desk.notes.attach({{"event", "page"}}, "image/png", "PNG");
    desk.notes.retain("help", 6, true);
    CHECK(desk.notes.waiting() == 0);
    desk.notes.setCase("c1", true);
    CHECK(desk.heard.empty());
}

TEST_CASE("case notes: an entry has its time and its number, and waits until the disk has it")
{
    Desk desk;
    desk.notes.setCase("c1", true);
    desk.notes.note({{"event", "page"}});
    REQUIRE(desk.heard.size() == 1);
    CHECK(desk.heard[0] ==
          json{{"do", "log"},
               {"id", "1"},
               {"entry", {{"event", "page"}, {"entry", 1}, {"at", "2026-11-27T00:00:00.000Z"}}}});
    CHECK(desk.notes.waiting() == 1);
    desk.notes.onKept("1");
    CHECK(desk.notes.waiting() == 0);
}

TEST_CASE("case notes: what is attached is said as base64")
{
    Desk desk;
    desk.notes.setCase("c1", true);
    desk.notes.attach({{"event", "signature"}}, "image/png", "PNG");
    CHECK(desk.heard.at(0).at("attachment") == json{{"mediaType", "image/png"}, {"data", "UE5H"}});
}

TEST_CASE("case notes: what the disk does not have is said again by the same number after a crash")
{
    Desk desk;
    desk.notes.setCase("c1", true);
    desk.notes.note({{"event", "one"}});
    desk.notes.note({{"event", "two"}});
    desk.notes.onKept("1");
    desk.notes.setCase("c1", false);
    desk.notes.note({{"event", "three"}});
    CHECK(desk.heard.size() == 2);
    desk.notes.setCase("c1", true);
    REQUIRE(desk.heard.size() == 4);
    CHECK(desk.heard[2] == desk.heard[1]);
    CHECK(desk.heard[3].at("entry").at("event") == "three");
}

TEST_CASE("case notes: what the customer read when they agreed is the first entry of that case")
{
    Desk desk;
    desk.notes.attachAtStart({{"event", "consent"}}, "image/png", "PNG");
    desk.notes.setCase("c1", false);
    desk.notes.note({{"event", "page"}});
    desk.notes.setCase("c1", true);
    REQUIRE(desk.heard.size() == 2);
    CHECK(desk.heard[0].at("entry").at("event") == "consent");
    CHECK(desk.heard[0].at("entry").at("entry") == 1);
}

TEST_CASE("case notes: nothing goes from one case, or one customer, to the next")
{
    Desk desk;
    desk.notes.setCase("c1", false);
    desk.notes.note({{"event", "page"}});
    desk.notes.setCase("", false);
    desk.notes.attachAtStart({{"event", "consent"}}, "image/png", "PNG");
    desk.notes.forgetStart();
    desk.notes.setCase("c2", true);
    CHECK(desk.heard.empty());
}

TEST_CASE("case notes: how long the case is kept is said until the disk has it, too")
{
    Desk desk;
    desk.notes.setCase("c1", true);
    desk.notes.retain("wealth-sale", 12, true);
    CHECK(desk.heard.at(0) == json{{"do", "retain"},
                                   {"class", "wealth-sale"},
                                   {"months", 12},
                                   {"running", true},
                                   {"id", "1"}});
    CHECK(desk.notes.waiting() == 1);
}
