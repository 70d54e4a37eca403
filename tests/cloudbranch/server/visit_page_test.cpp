// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/visit_page.h"

#include <catch2/catch.hpp>

#include "cloudbranch/server/phrases.h"
#include "cloudbranch/server/qr_svg.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::queue::domain;
using namespace std::chrono_literals;

namespace {

const Instant kShownAt = *fromRfc3339("2026-11-24T02:17:00Z"); // 10:17 in the outlet's zone

struct Shown {
    BranchSettings branch = demoBranch();
    Visit visit{.ticket = {"A", 12}, .state = VisitState::Waiting, .service = "cash"};
    std::optional<Outlook> outlook = Outlook{4, {30min, 40min, 60min}};

    [[nodiscard]] VisitView view() const
    {
        return {
            .branch = branch, .visit = visit, .outlook = outlook, .now = kShownAt, .token = "t0"};
    }
    [[nodiscard]] std::string page(const std::string& language = "en") const
    {
        return visitPage(view(), language);
    }
};

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("visit page: who waits sees the number, those ahead, the range and when to be back")
{
    const auto page = Shown().page();
    CHECK(holds(page, "A012"));
    CHECK(holds(page, "<dt>Ahead of you</dt><dd>4</dd>"));
    CHECK(holds(page, "About 30–60 min"));
    CHECK(holds(page, "<dd>about 10:40</dd>")); // 10:17 + 30 min less 5 min, down to five
    CHECK(holds(page, "As of 10:17:00"));
    CHECK(holds(page, "action=\"/t/t0/give-up?lang=en\""));
}

TEST_CASE("visit page: who is next is not sent away")
{
    Shown shown;
    shown.outlook = Outlook{0, {0min, 2min, 5min}};
    const auto page = shown.page();
    CHECK(holds(page, "You are next"));
    CHECK(holds(page, "Less than 5 min"));
    CHECK_FALSE(holds(page, "step out"));
}

TEST_CASE("visit page: a customer may leave only when at least ten minutes are left")
{
    const auto until = [](std::chrono::seconds low) {
        return stepOutUntil({low, low, low}, kShownAt);
    };
    CHECK_FALSE(until(0min));
    CHECK_FALSE(until(15min)); // 10:27, down to 10:25: eight minutes
    CHECK(minuteOf(*until(20min), "Asia/Shanghai") == "10:30");
    CHECK(minuteOf(*until(30min), "Asia/Shanghai") == "10:40");
}

TEST_CASE("visit page: who is called sees the counter, and nothing to give up")
{
    Shown shown;
    shown.visit.state = VisitState::Called;
    shown.visit.counter = "<3>";
    shown.outlook.reset();
    const auto page = shown.page();
    CHECK(holds(page, "Please go to counter &lt;3&gt;"));
    CHECK(holds(page, "<title>A012: Please go to counter &lt;3&gt;</title>"));
    CHECK_FALSE(holds(page, "give-up"));
}

TEST_CASE("visit page: who is not on site yet has a code, an hour and a way to be late")
{
    Shown shown;
    shown.visit.state = VisitState::Remote;
    shown.visit.arriveBy = kShownAt + 30min;
    shown.visit.code = "4830921556";
    shown.outlook.reset();
    auto view = shown.view();
    view.checkInCode = "GT1:abc";
    view.mayBeLate = true;
    const auto page = visitPage(view, "en");
    CHECK(holds(page, "come by 10:47"));
    CHECK(holds(page, "<svg class=\"qr\""));
    CHECK(holds(page, "483 0921 556"));
    CHECK(holds(page, "/t/t0/late"));
    CHECK(holds(page, "/t/t0/give-up"));
}

TEST_CASE("visit page: every end is calm, says what to do and asks for nothing")
{
    const auto state = GENERATE(VisitState::Done, VisitState::NoShow, VisitState::Cancelled,
                                VisitState::Removed, VisitState::Expired);
    Shown shown;
    shown.visit.state = state;
    shown.outlook.reset();
    for (const std::string language : {"en", "zh-CN"}) {
        const auto page = shown.page(language);
        INFO(name(state) << " " << language);
        CHECK(holds(page, "href=\"/o/demo?lang=" + language));
        CHECK_FALSE(holds(page, std::string(name(state)) + ".do")); // a text is missing
        CHECK_FALSE(holds(page, "<form"));
        CHECK_FALSE(holds(page, "<script"));
        CHECK_FALSE(holds(page, "http-equiv"));
    }
}

TEST_CASE("visit page: an unknown code says what to do")
{
    const auto page = unknownVisitPage(demoBranch(), "en");
    CHECK(holds(page, "not valid here"));
    CHECK_FALSE(holds(page, "<script"));
}

TEST_CASE("qr: a code is one path with a quiet zone and a name, a text too long is none")
{
    const auto svg = qrSvg("GT1:abc", "Check-in \"code\"");
    CHECK(holds(svg, "viewBox=\"0 0 29 29\"")); // 21 modules and four on each side
    CHECK(holds(svg, "aria-label=\"Check-in &quot;code&quot;\""));
    CHECK(holds(svg, "M4 4h7v1h-7z")); // the top of the first finder
    CHECK(qrSvg(std::string(5000, 'x'), "x").empty());
}
