// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/branch.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::queue::domain;
using std::chrono::minutes;

namespace {

struct Hall {
    Branch branch{demoBranch()};
    Instant now = fromRfc3339("2026-11-24T09:00:00+08:00").value();
    int made = 0;

    Hall()
    {
        REQUIRE(run(OpenDay{"2026-11-24"}));
        REQUIRE(run(OpenSession{"s1", "1"}));
    }
    Answer run(const Command& command, const Actor& actor = {"teller"})
    {
        now += std::chrono::seconds(1);
        return branch.execute(command, actor, {now, now});
    }
    std::string take(const std::string& service = "cash",
                     CustomerClass kind = CustomerClass::WalkIn)
    {
        const auto id = "v" + std::to_string(++made);
        REQUIRE(run(TakeNumber{id, service, "en", "kiosk", kind}));
        return id;
    }
    std::string callNext()
    {
        const auto answer = run(CallNext{"s1"});
        REQUIRE(answer);
        return answer->visit;
    }
    RefusalCode refusal(const Command& command, const Actor& actor = {"teller"})
    {
        const auto position = branch.position();
        const auto answer = run(command, actor);
        REQUIRE_FALSE(answer);
        CHECK(branch.position() == position);
        return answer.error().code;
    }
};

} // namespace

TEST_CASE("branch: a number needs an open day and a known service")
{
    Hall hall;
    CHECK(hall.refusal(TakeNumber{"x", "loans", "en", "kiosk"}) == RefusalCode::ServiceUnknown);
    REQUIRE(hall.run(CloseDay{}));
    CHECK(hall.refusal(TakeNumber{"x", "cash", "en", "kiosk"}) == RefusalCode::DayClosed);
}

TEST_CASE("branch: numbers of each series count up from one")
{
    Hall hall;
    CHECK(hall.branch.visit(hall.take("cash"))->ticket.label() == "A001");
    CHECK(hall.branch.visit(hall.take("wealth"))->ticket.label() == "C001");
    CHECK(hall.branch.visit(hall.take("cash"))->ticket.label() == "A002");
}

TEST_CASE("branch: the last number of a series is the last")
{
    auto settings = demoBranch();
    settings.services.front().lastNumber = 1;
    Hall hall;
    hall.branch = Branch(settings, {});
    REQUIRE(hall.run(OpenDay{"2026-11-24"}));
    hall.take();
    CHECK(hall.refusal(TakeNumber{"x", "cash", "en", "kiosk"}) == RefusalCode::NumbersExhausted);
}

TEST_CASE("branch: a session has one visit at a time")
{
    Hall hall;
    const auto first = hall.take();
    hall.take();
    CHECK(hall.callNext() == first);
    CHECK(hall.refusal(CallNext{"s1"}) == RefusalCode::SessionBusy);
    CHECK(hall.refusal(EndSession{"s1"}) == RefusalCode::SessionBusy);
}

TEST_CASE("branch: a stale version and a foreign counter are refused")
{
    Hall hall;
    const auto id = hall.take();
    hall.callNext();
    CHECK(hall.refusal(ChangeVisit{id, Trigger::Arrive, 1}) == RefusalCode::StaleVersion);
    CHECK(hall.refusal(ChangeVisit{id, Trigger::Arrive, 2}, {"other"}) ==
          RefusalCode::NotYourSession);
    CHECK(hall.run(ChangeVisit{id, Trigger::Arrive, 2}, {"boss", true}));
}

TEST_CASE("branch: a visit is called at most three times")
{
    Hall hall;
    const auto id = hall.take();
    hall.callNext();
    REQUIRE(hall.run(ChangeVisit{id, Trigger::Recall}));
    REQUIRE(hall.run(ChangeVisit{id, Trigger::Recall}));
    CHECK(hall.refusal(ChangeVisit{id, Trigger::Recall}) == RefusalCode::TooManyCalls);
}

TEST_CASE("branch: whoever is put back stands behind as many as said")
{
    Hall hall;
    const auto first = hall.take();
    const auto second = hall.take();
    const auto third = hall.take();
    REQUIRE(hall.callNext() == first);
    REQUIRE(hall.run(ChangeVisit{first, Trigger::PutBack, {}, {}, {}, {}, {}, 1}));
    CHECK(hall.branch.outlook(*hall.branch.visit(first))->ahead == 1);
    CHECK(hall.branch.outlook(*hall.branch.visit(third))->ahead == 2);
    CHECK(hall.callNext() == second);
}

TEST_CASE("branch: a transfer keeps the age and frees the counter")
{
    Hall hall;
    const auto first = hall.take("cash");
    hall.take("wealth");
    hall.callNext();
    REQUIRE(hall.run(ChangeVisit{first, Trigger::Transfer, {}, {}, {}, "wealth"}));
    CHECK(hall.branch.visit(first)->line == "wealth");
    CHECK(hall.callNext() == first);
    CHECK(hall.refusal(ChangeVisit{first, Trigger::Transfer, {}, {}, {}, {}, "2"}) ==
          RefusalCode::CounterClosed);
    REQUIRE(hall.run(OpenSession{"s2", "2"}));
    REQUIRE(hall.run(ChangeVisit{first, Trigger::Transfer, {}, {}, {}, {}, "2"}));
    CHECK(hall.callNext() != first);
    CHECK(hall.run(CallNext{"s2"})->visit == first);
}

TEST_CASE("branch: whoever waits for one counter waits for the service again when it closes")
{
    Hall hall;
    const auto first = hall.take();
    const auto second = hall.take();
    hall.callNext();
    REQUIRE(hall.run(OpenSession{"s2", "2"}));
    REQUIRE(hall.run(ChangeVisit{first, Trigger::Transfer, {}, {}, {}, {}, "2"}));
    REQUIRE(hall.run(EndSession{"s2"}));
    CHECK(hall.branch.visit(first)->line == "cash");
    CHECK(hall.callNext() == first); // older than the second
    CHECK(hall.branch.visit(second)->state == VisitState::Waiting);
}

TEST_CASE("branch: a counter that is lost puts back whom it called and leaves whom it served")
{
    Hall hall;
    const auto called = hall.take();
    const auto served = hall.take();
    const auto later = hall.take();
    REQUIRE(hall.callNext() == called);
    REQUIRE(hall.run(OpenSession{"s2", "2"}));
    REQUIRE(hall.run(CallNext{"s2"}));
    REQUIRE(hall.run(ChangeVisit{served, Trigger::Start}));
    CHECK(hall.refusal(EndSession{"s1"}) == RefusalCode::SessionBusy);
    const Actor boss{"boss", true};
    REQUIRE(hall.run(EndSession{"s1"}, boss));
    REQUIRE(hall.run(EndSession{"s2"}, boss));
    CHECK(hall.branch.visit(called)->state == VisitState::Waiting);
    CHECK(hall.branch.outlook(*hall.branch.visit(called))->ahead == 0);
    CHECK(hall.branch.outlook(*hall.branch.visit(later))->ahead == 1);
    CHECK(hall.branch.visit(served)->state == VisitState::Serving);
    CHECK(hall.refusal(ChangeVisit{served, Trigger::Finish}) == RefusalCode::NotYourSession);
    CHECK(hall.run(ChangeVisit{served, Trigger::Finish}, boss));
}

TEST_CASE("branch: a parked visit is kept for the counter that parked it while that is open")
{
    Hall hall;
    const auto id = hall.take();
    hall.callNext();
    REQUIRE(hall.run(ChangeVisit{id, Trigger::Start}));
    REQUIRE(hall.run(ChangeVisit{id, Trigger::Park, {}, "forgot passport"}));
    REQUIRE(hall.run(OpenSession{"s2", "2"}, {"other"}));
    CHECK(hall.refusal(CallVisit{"s2", id}, {"other"}) == RefusalCode::NotYourSession);
    CHECK(hall.refusal(ChangeVisit{id, Trigger::Unpark}, {"other"}) == RefusalCode::NotYourSession);
    REQUIRE(hall.run(EndSession{"s1"}));
    CHECK(hall.run(CallVisit{"s2", id}, {"other"}));
}

TEST_CASE("branch: whoever waits for a service that is gone is called when nobody else waits")
{
    Hall hall;
    const auto old = hall.take("wealth");
    auto settings = demoBranch();
    std::erase_if(settings.services, [](const auto& service) { return service.id == "wealth"; });
    settings.profiles.front().tiers = {{"cash", "account", "corporate"}};
    BranchState state{.day = hall.branch.day(), .position = hall.branch.position()};
    state.visits.push_back(*hall.branch.visit(old));
    state.sessions.push_back(*hall.branch.session("s1"));
    hall.branch = Branch(settings, std::move(state));
    const auto fresh = hall.take("cash");
    CHECK(hall.callNext() == fresh);
    REQUIRE(hall.run(ChangeVisit{fresh, Trigger::GiveUp}));
    CHECK(hall.callNext() == old);
}

TEST_CASE("branch: a parked visit can be called again or cancelled, not finished")
{
    Hall hall;
    const auto id = hall.take();
    hall.callNext();
    REQUIRE(hall.run(ChangeVisit{id, Trigger::Start}));
    CHECK(hall.refusal(ChangeVisit{id, Trigger::Start}) == RefusalCode::AlreadyStarted);
    REQUIRE(hall.run(ChangeVisit{id, Trigger::Park, {}, "forgot passport"}));
    CHECK(hall.refusal(ChangeVisit{id, Trigger::Finish}) == RefusalCode::IllegalTransition);
    REQUIRE(hall.run(CallVisit{"s1", id}));
    CHECK(hall.branch.visit(id)->state == VisitState::Called);
}

TEST_CASE("branch: credit lets a VIP pass at most those of the last fifteen minutes")
{
    Hall hall;
    const auto early = hall.take();
    hall.now += minutes(10);
    const auto late = hall.take();
    hall.now += minutes(10);
    const auto vip = hall.take("cash", CustomerClass::Vip);
    CHECK(hall.branch.outlook(*hall.branch.visit(vip))->ahead == 1);
    CHECK(hall.callNext() == early);
    REQUIRE(hall.run(ChangeVisit{early, Trigger::GiveUp}));
    CHECK(hall.callNext() == vip);
    CHECK(hall.branch.outlook(*hall.branch.visit(late))->ahead == 0);
}

TEST_CASE("branch: closing the day expires whoever is left; the same date goes on counting")
{
    Hall hall;
    const auto id = hall.take();
    REQUIRE(hall.run(CloseDay{}));
    CHECK(hall.branch.visit(id)->state == VisitState::Expired);
    REQUIRE(hall.run(OpenDay{"2026-11-24"}));
    CHECK(hall.branch.visit(hall.take())->ticket.number == 2);
    REQUIRE(hall.run(CloseDay{}));
    REQUIRE(hall.run(OpenDay{"2026-11-23"})); // a clock that was set back
    CHECK(hall.branch.visit(hall.take())->ticket.number == 3);
    REQUIRE(hall.run(CloseDay{}));
    REQUIRE(hall.run(OpenDay{"2026-11-25"}));
    CHECK(hall.branch.visit(hall.take())->ticket.number == 1);
}

TEST_CASE("branch: a slip is taken back, and the customer stands where they stood")
{
    Hall hall;
    const auto first = hall.take();
    const auto second = hall.take();
    const auto place = hall.branch.visit(first)->place;
    REQUIRE(hall.callNext() == first);
    REQUIRE(hall.run(ChangeVisit{first, Trigger::Undo}));
    CHECK(hall.branch.visit(first)->state == VisitState::Waiting);
    CHECK(hall.branch.visit(first)->place == place);
    CHECK(hall.branch.visit(first)->calls == 0);
    CHECK(hall.branch.session("s1")->visit.empty());
    CHECK(hall.branch.publicView(hall.now).calls.empty());
    CHECK(hall.branch.outlook(*hall.branch.visit(second))->ahead == 1);
    CHECK(hall.callNext() == first);
}

TEST_CASE("branch: a service that was finished by mistake goes on at its counter")
{
    Hall hall;
    const auto visit = hall.take();
    REQUIRE(hall.callNext() == visit);
    REQUIRE(hall.run(ChangeVisit{visit, Trigger::Start}));
    REQUIRE(hall.run(ChangeVisit{visit, Trigger::Finish}));
    const auto answer = hall.run(ChangeVisit{visit, Trigger::Undo});
    REQUIRE(answer);
    CHECK(answer->entries.size() == 1); // beside the entry of the slip, which stays
    CHECK(answer->entries.front().type == "visit.undone");
    CHECK(answer->entries.front().fromState == "done");
    CHECK(hall.branch.visit(visit)->state == VisitState::Serving);
    CHECK(hall.branch.session("s1")->visit == visit);
    CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}) == RefusalCode::NothingToUndo);
}

TEST_CASE("branch: nothing is taken back late, by others, or after somebody else's step")
{
    Hall hall;
    const auto visit = hall.take();
    REQUIRE(hall.callNext() == visit);
    SECTION("by somebody else")
    {
        CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}, {"boss", true}) ==
              RefusalCode::NothingToUndo);
    }
    SECTION("when the time is over")
    {
        hall.now += hall.branch.settings().undoWithin;
        CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}) == RefusalCode::NothingToUndo);
    }
    SECTION("what was announced again")
    {
        REQUIRE(hall.run(ChangeVisit{visit, Trigger::Recall}));
        CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}) == RefusalCode::NothingToUndo);
    }
    SECTION("when the counter has closed since")
    {
        REQUIRE(hall.run(ChangeVisit{visit, Trigger::Start}));
        REQUIRE(hall.run(ChangeVisit{visit, Trigger::Finish}));
        REQUIRE(hall.run(EndSession{"s1"}));
        CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}) == RefusalCode::SessionEnded);
    }
    SECTION("when the day is closed")
    {
        const auto gone = hall.take();
        REQUIRE(hall.run(ChangeVisit{gone, Trigger::Cancel}));
        REQUIRE(hall.run(CloseDay{}));
        CHECK(hall.refusal(ChangeVisit{gone, Trigger::Undo}) == RefusalCode::NothingToUndo);
    }
    SECTION("when a supervisor has touched the visit since")
    {
        REQUIRE(hall.run(ChangeVisit{visit, Trigger::PutBack}, {"boss", true}));
        CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}) == RefusalCode::NothingToUndo);
    }
    SECTION("when the counter has the next customer")
    {
        REQUIRE(hall.run(ChangeVisit{visit, Trigger::Start}));
        REQUIRE(hall.run(ChangeVisit{visit, Trigger::Finish}));
        const auto next = hall.take();
        REQUIRE(hall.run(CallNext{"s1"}, {"boss", true})); // by another than the one who finished
        CHECK(hall.branch.session("s1")->visit == next);
        CHECK(hall.refusal(ChangeVisit{visit, Trigger::Undo}) == RefusalCode::SessionBusy);
    }
}
