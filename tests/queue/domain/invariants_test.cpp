// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "queue/domain/branch.h"

using namespace guichet;
using namespace guichet::queue::domain;

namespace {

/// A plain list of those who wait, in the order in which they must be called.
struct Model {
    std::map<std::string, Place> waiting;
    std::set<std::string> ended;
    std::set<std::pair<std::string, int>> tickets; ///< of this business day
    std::uint64_t position = 0;
    std::string day;

    [[nodiscard]] std::string next() const
    {
        const auto first =
            std::ranges::min_element(waiting, {}, [](const auto& entry) { return entry.second; });
        return first == waiting.end() ? std::string() : first->first;
    }
};

struct Run {
    Branch branch{demoBranch()};
    Model model;
    Instant now = fromRfc3339("2026-11-24T09:00:00Z").value();
    Instant time = now;
    int made = 0;

    Answer execute(const Command& command)
    {
        time += std::chrono::milliseconds(*rc::gen::inRange(0, 400'000));
        now += std::chrono::seconds(*rc::gen::inRange(-4000, 4000)); // the wall clock jumps
        return branch.execute(command, {"teller", true}, {time, now});
    }

    void step()
    {
        const auto session = "s" + std::to_string(*rc::gen::inRange(1, 4));
        const auto counter = session.substr(1);
        const auto id = "v" + std::to_string(*rc::gen::inRange(1, std::max(made, 1) + 1));
        switch (*rc::gen::inRange(0, 12)) {
        case 0:
            check(execute(OpenDay{"2026-11-" + std::to_string(24 + *rc::gen::inRange(0, 3))}));
            break;
        case 1:
            if (*rc::gen::inRange(0, 8) == 0) {
                check(execute(CloseDay{}));
            }
            break;
        case 2:
            check(execute(OpenSession{session + "-" + std::to_string(++made), counter}));
            break;
        case 3:
        case 4:
        case 5: {
            const auto kind = static_cast<CustomerClass>(*rc::gen::inRange(0, 3));
            const auto* service = *rc::gen::element("cash", "account", "wealth");
            check(execute(TakeNumber{"v" + std::to_string(++made), service, "en", "kiosk", kind}));
            break;
        }
        case 6:
        case 7:
            for (const auto& [name, open] : branch.sessions()) {
                if (open.open && open.visit.empty()) {
                    const auto expected = model.next();
                    const auto answer = execute(CallNext{name});
                    RC_ASSERT(answer.has_value());
                    RC_ASSERT(answer->visit == expected); // 5: order, credit bound included
                    check(answer);
                    break;
                }
            }
            break;
        default: {
            const auto trigger = static_cast<Trigger>(*rc::gen::inRange(
                static_cast<int>(Trigger::Recall), static_cast<int>(Trigger::ReturnLate) + 1));
            ChangeVisit change{id, trigger, {}, "reason", "done", "wealth"};
            change.after = *rc::gen::inRange<std::size_t>(0, 4);
            check(execute(change));
        }
        }
    }

    void check(const Answer& answer)
    {
        if (!answer) {
            RC_ASSERT(branch.position() == model.position); // a refusal changes nothing
            return;
        }
        for (const auto& entry : answer->entries) {
            RC_ASSERT(entry.sequence == ++model.position); // the log is dense
        }
        if (branch.day().label != model.day) { // 10: only a new day starts the numbers again
            RC_ASSERT(branch.day().label > model.day);
            model.day = branch.day().label;
            model.tickets.clear();
            model.waiting.clear();
            model.ended.clear();
        }
        for (const auto& id : answer->visits) {
            const auto& visit = *branch.visit(id);
            RC_ASSERT(!model.ended.contains(id)); // 4: no resurrection
            if (visit.version == 1) {
                RC_ASSERT(model.tickets.emplace(visit.ticket.series, visit.ticket.number).second);
            }
            model.waiting.erase(id);
            if (visit.state == VisitState::Waiting) {
                model.waiting[id] = visit.place;
            }
            if (isTerminal(visit.state)) {
                model.ended.insert(id);
            }
        }
        conserved();
    }

    void conserved() const
    {
        std::size_t sum = 0;
        for (int state = 0; state < 10; ++state) {
            sum += branch.count(static_cast<VisitState>(state));
        }
        RC_ASSERT(sum == model.tickets.size()); // 8: conservation
        RC_ASSERT(branch.count(VisitState::Waiting) == model.waiting.size());
        std::set<std::string> bound; // 2: one caller
        for (const auto& [id, visit] : branch.visits()) {
            const bool atCounter =
                visit.state == VisitState::Called || visit.state == VisitState::Serving;
            if (visit.state == VisitState::Called || !visit.session.empty()) {
                RC_ASSERT(atCounter);
                RC_ASSERT(bound.insert(visit.session).second);
                RC_ASSERT(branch.session(visit.session)->visit == id);
            }
            if (const auto outlook = branch.outlook(visit)) { // "ahead" is the policy's own order
                const auto before = std::ranges::count_if(
                    model.waiting, [&](const auto& other) { return other.second < visit.place; });
                RC_ASSERT(static_cast<std::size_t>(before) == outlook->ahead);
            }
        }
    }
};

} // namespace

TEST_CASE("branch: invariants hold after every command of any sequence")
{
    REQUIRE(rc::check([] {
        Run run;
        run.check(run.execute(OpenDay{"2026-11-24"}));
        const auto steps = *rc::gen::inRange(1, 60);
        for (int i = 0; i < steps; ++i) {
            run.step();
        }
    }));
}
