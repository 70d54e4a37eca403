// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/approval.h"

#include <map>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace guichet;
using namespace guichet::signalling;

namespace {

const std::vector<ApprovalRule> kRules{
    {.task = "phone-change", .steps = {"review"}, .authority = 2},
    {.task = "transfer", .fromAmount = 5'000'000, .authority = 3},
    {.steps = {"close"}, .authority = 1},
};

Proposal proposal(const char* id = "p-1", const char* step = "review", const char* by = "mei")
{
    return {.id = id, .step = step, .by = by, .authority = 2};
}

Errc codeOf(const Result<void>& done)
{
    return done ? Errc::Internal : done.error().code;
}

} // namespace

TEST_CASE("approval: the rules say which step of which task needs a second person")
{
    CHECK(secondNeeded(kRules, {.step = "review", .task = "phone-change"}) == 2);
    CHECK_FALSE(secondNeeded(kRules, {.step = "number", .task = "phone-change"}));
    CHECK_FALSE(secondNeeded(kRules, {.step = "review", .task = "take-ticket"}));
    CHECK(secondNeeded(kRules, {.step = "close", .task = "take-ticket"}) == 1);
    CHECK_FALSE(secondNeeded({}, {.step = "review", .task = "phone-change"}));
}

TEST_CASE("approval: an amount needs it from the rule's on; one that nobody has told does too")
{
    const auto needed = [](std::optional<std::int64_t> amount) {
        return secondNeeded(kRules, {.step = "pay", .task = "transfer", .amount = amount});
    };
    CHECK_FALSE(needed(4'999'999));
    CHECK(needed(5'000'000) == 3);
    CHECK(needed({}) == 3);
}

TEST_CASE(
    "approval: another name for the step, or a terminal that is not heard, gets round nothing")
{
    CHECK(secondNeeded(kRules, {.step = "x", .shown = "review", .task = "phone-change"}) == 2);
    CHECK(secondNeeded(kRules, {.step = "review"}) == 3);
}

TEST_CASE("approval: the strictest of the rules that fit is the one")
{
    CHECK(secondNeeded(kRules, {.step = "close", .task = "transfer"}) == 3);
}

TEST_CASE("approval: somebody else with the authority decides, once")
{
    Proposals proposals;
    REQUIRE(proposals.propose(proposal()));
    const bool ok = GENERATE(true, false);
    REQUIRE(proposals.decide("p-1", {"lan", 2}, "mei", ok));
    CHECK(proposals.find("p-1")->state == (ok ? ProposalState::Granted : ProposalState::Rejected));
    CHECK(proposals.find("p-1")->second == "lan");
    CHECK(codeOf(proposals.decide("p-1", {"lan", 2}, "mei", ok)) == Errc::Busy);
    CHECK(codeOf(proposals.decide("p-1", {"lan", 2}, "mei", !ok)) == Errc::Conflict);
    CHECK(codeOf(proposals.decide("p-1", {"wei", 9}, "mei", ok)) == Errc::Conflict);
}

TEST_CASE("approval: neither who proposed nor who serves the customer is the second")
{
    Proposals proposals;
    REQUIRE(proposals.propose(proposal()));
    CHECK(codeOf(proposals.decide("p-1", {"mei", 9}, "mei", true)) == Errc::Denied);
    CHECK(codeOf(proposals.decide("p-1", {"mei", 9}, "lan", true)) == Errc::Denied); // passed on
    CHECK(codeOf(proposals.decide("p-1", {"lan", 9}, "lan", true)) == Errc::Denied);
    CHECK(codeOf(proposals.decide("p-1", {"wei", 1}, "mei", true)) == Errc::Denied);
    CHECK(codeOf(proposals.decide("p-2", {"wei", 9}, "mei", true)) == Errc::NotFound);
    CHECK(proposals.find("p-1")->state == ProposalState::Open);
}

TEST_CASE("approval: a step waits for one second person at a time")
{
    Proposals proposals;
    REQUIRE(proposals.propose(proposal()));
    CHECK(codeOf(proposals.propose(proposal("p-2"))) == Errc::Busy);
    CHECK(codeOf(proposals.propose(proposal("p-2", "review", "lan"))) == Errc::Conflict);
    CHECK(codeOf(proposals.propose(proposal("p-1", "sign"))) == Errc::Conflict);
    REQUIRE(proposals.propose(proposal("p-2", "sign")));
    CHECK(codeOf(proposals.propose(proposal("", "x"))) == Errc::Invalid);
}

TEST_CASE("approval: who says no to the step takes the proposal back")
{
    Proposals proposals;
    REQUIRE(proposals.propose(proposal()));
    proposals.withdraw("review", "mei");
    CHECK(codeOf(proposals.decide("p-1", {"lan", 9}, "mei", true)) == Errc::Conflict);
    CHECK(proposals.propose(proposal("p-2")));
}

TEST_CASE("approval: whatever is said in whatever order, four eyes have seen what is granted")
{
    const auto held = rc::check([] {
        Proposals proposals;
        std::map<std::string, Proposal> decided;
        std::string serving = "s0";
        const auto seat = [] { return "s" + std::to_string(*rc::gen::inRange(0, 4)); };
        const auto word = [](const char* kind) {
            return kind + std::to_string(*rc::gen::inRange(0, 4));
        };
        const int many = *rc::gen::inRange(1, 60);
        for (int i = 0; i < many; ++i) {
            switch (*rc::gen::inRange(0, 4)) {
            case 0:
                static_cast<void>(proposals.propose({.id = "p" + std::to_string(i % 12),
                                                     .step = word("step"),
                                                     .by = seat(),
                                                     .authority = *rc::gen::inRange(0, 4)}));
                break;
            case 1: {
                const Second second{seat(), *rc::gen::inRange(0, 5)};
                const auto id = "p" + std::to_string(*rc::gen::inRange(0, 12));
                if (proposals.decide(id, second, serving, *rc::gen::arbitrary<bool>())) {
                    const auto& now = *proposals.find(id);
                    RC_ASSERT(now.second == second.seat);
                    RC_ASSERT(now.second != now.by);
                    RC_ASSERT(now.second != serving);
                    RC_ASSERT(second.authority >= now.authority);
                }
                break;
            }
            case 2:
                proposals.withdraw(word("step"), serving);
                break;
            default:
                serving = seat();
            }
            std::set<std::string> waiting;
            for (const auto& each : proposals.all()) {
                if (each.state == ProposalState::Open) {
                    RC_ASSERT(waiting.insert(each.step).second);
                    RC_ASSERT(each.second.empty());
                    continue;
                }
                const auto [known, isNew] = decided.emplace(each.id, each);
                RC_ASSERT(isNew || (known->second.state == each.state &&
                                    known->second.second == each.second));
            }
        }
    });
    CHECK(held);
}
