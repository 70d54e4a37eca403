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

BranchSettings twoProfiles()
{
    auto settings = demoBranch();
    settings.profiles.push_back({"cash-first", {{"cash"}, {"account", "wealth"}}});
    settings.undoWithin = std::chrono::minutes(10);
    return settings;
}

/// A plain list of those who wait, with places that this test works out by itself.
struct Model {
    struct Waiter {
        std::string line;
        Place place;
    };
    std::map<std::string, Waiter> waiting;
    std::map<std::string, Place> places; ///< of all visits of the day
    std::set<std::string> ended;
    std::set<std::pair<std::string, int>> tickets; ///< of this business day
    std::map<std::string, Visit> undoable;         ///< by actor: the visit before their last step
    std::uint64_t position = 0;
    std::string day;

    [[nodiscard]] std::string next(const BranchSettings& settings, const Session& session) const
    {
        for (const auto& tier : settings.profile(session.profile)->tiers) {
            std::string first;
            for (const auto& [id, waiter] : waiting) {
                const bool eligible = std::ranges::find(tier, waiter.line) != tier.end() ||
                                      waiter.line == "@" + session.counter;
                if (eligible && (first.empty() || waiter.place < waiting.at(first).place)) {
                    first = id;
                }
            }
            if (!first.empty()) {
                return first;
            }
        }
        return {};
    }

    /// How many of some lines stand before a place.
    [[nodiscard]] std::size_t before(const std::set<std::string>& lines, const Place& place) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(waiting, [&](const auto& entry) {
            return lines.contains(entry.second.line) && entry.second.place < place;
        }));
    }
};

struct Run {
    BranchSettings settings = twoProfiles();
    Branch branch{settings};
    Model model;
    Instant now = fromRfc3339("2026-11-24T09:00:00Z").value();
    Instant time = now;
    int made = 0;

    Answer execute(const Command& command, const Actor& actor)
    {
        time += std::chrono::milliseconds(*rc::gen::inRange(0, 400'000));
        now += std::chrono::seconds(*rc::gen::inRange(-4000, 4000)); // the wall clock jumps
        return branch.execute(command, actor, {time, now});
    }

    static Actor anybody()
    {
        return *rc::gen::element(Actor{"ann"}, Actor{"bob"}, Actor{"boss", true});
    }

    void step()
    {
        switch (*rc::gen::inRange(0, 13)) {
        case 0:
            check(execute(OpenDay{"2026-11-" + std::to_string(24 + *rc::gen::inRange(0, 3))},
                          anybody()));
            break;
        case 1:
            if (*rc::gen::inRange(0, 8) == 0) {
                check(execute(CloseDay{}, anybody()));
            }
            break;
        case 2:
            check(execute(OpenSession{"s" + std::to_string(++made),
                                      std::to_string(*rc::gen::inRange(1, 4)),
                                      *rc::gen::element("default", "cash-first")},
                          anybody()));
            break;
        case 3:
        case 4:
        case 5:
            takeNumber();
            break;
        case 6:
        case 7:
            useSession();
            break;
        default:
            changeVisit();
        }
    }

    void takeNumber()
    {
        const auto kind = static_cast<CustomerClass>(*rc::gen::inRange(0, 3));
        const auto id = "v" + std::to_string(++made);
        const auto answer = execute(
            TakeNumber{id, *rc::gen::element("cash", "account", "wealth"), "en", "kiosk", kind},
            anybody());
        if (answer) {
            const auto credit = kind == CustomerClass::WalkIn   ? std::chrono::minutes(0)
                                : kind == CustomerClass::Booked ? std::chrono::minutes(10)
                                                                : std::chrono::minutes(15);
            model.places[id] = {time - credit, time, model.position + 1, 0};
        }
        check(answer);
    }

    void useSession()
    {
        std::vector<Session> open;
        for (const auto& [id, session] : branch.sessions()) {
            if (session.open) {
                open.push_back(session);
            }
        }
        if (open.empty()) {
            return;
        }
        const auto session = *rc::gen::elementOf(open);
        const auto actor = anybody();
        const bool admitted = actor.supervisor || actor.name == session.user;
        switch (*rc::gen::inRange(0, 5)) {
        case 0: {
            const auto answer = execute(EndSession{session.id}, actor);
            const bool forced = actor.supervisor && actor.name != session.user;
            RC_ASSERT(answer.has_value() == (admitted && (session.visit.empty() || forced)));
            check(answer);
            break;
        }
        case 1:
            if (const auto id = anyVisit(); !id.empty()) {
                const auto before = copyOf(id);
                const auto answer = execute(CallVisit{session.id, id, anyVersion(id)}, actor);
                RC_ASSERT(!answer || (admitted && session.visit.empty()));
                remember(actor, before, answer);
                check(answer);
            }
            break;
        default: {
            const auto expected = model.next(settings, session);
            const auto before = copyOf(expected);
            const auto answer = execute(CallNext{session.id}, actor);
            remember(actor, before, answer);
            RC_ASSERT(answer.has_value() == (admitted && session.visit.empty()));
            if (answer) {
                RC_ASSERT(answer->visit == expected); // 5: order, credit bound included
            }
            check(answer);
        }
        }
    }

    [[nodiscard]] std::optional<Visit> copyOf(const std::string& id) const
    {
        const auto* visit = branch.visit(id);
        return visit == nullptr ? std::nullopt : std::optional(*visit);
    }

    void remember(const Actor& actor, const std::optional<Visit>& before, const Answer& answer)
    {
        if (answer && before) {
            model.undoable[actor.name] = *before;
        }
    }

    /// Back to what it was, as if the step had never been; only by the one who took it.
    void undo()
    {
        const auto id = anyVisit();
        const auto actor = anybody();
        const auto found = model.undoable.find(actor.name);
        const auto before = copyOf(id);
        const auto answer = execute(ChangeVisit{id, Trigger::Undo}, actor);
        if (answer) {
            RC_ASSERT(found != model.undoable.end());
            const auto wanted = found->second;
            const auto& visit = *branch.visit(id);
            RC_ASSERT(wanted.id == id);
            RC_ASSERT(before->version == wanted.version + 1); // nobody else touched it
            RC_ASSERT(visit.version == before->version + 1);
            RC_ASSERT(visit.state == wanted.state);
            RC_ASSERT(visit.session == wanted.session);
            RC_ASSERT(visit.service == wanted.service);
            RC_ASSERT(visit.calls == wanted.calls);
            RC_ASSERT(visit.place == wanted.place);
            model.undoable.erase(found);
            model.ended.erase(id);
            model.places[id] = visit.place;
        }
        check(answer);
    }

    std::string anyVisit()
    {
        return made == 0 ? std::string() : "v" + std::to_string(*rc::gen::inRange(1, made + 1));
    }

    /// Mostly none, sometimes the present one or one that is over.
    std::optional<std::int64_t> anyVersion(const std::string& id)
    {
        const auto* visit = branch.visit(id);
        const auto kind = *rc::gen::inRange(0, 4);
        if (visit == nullptr || kind > 1) {
            return std::nullopt;
        }
        return visit->version - kind;
    }

    void changeVisit()
    {
        if (*rc::gen::inRange(0, 4) == 0) {
            return undo();
        }
        const auto trigger = static_cast<Trigger>(*rc::gen::inRange(
            static_cast<int>(Trigger::Recall), static_cast<int>(Trigger::ReturnLate) + 1));
        const auto id = anyVisit();
        if (id.empty() || trigger == Trigger::LoseCounter) { // nobody's command: see EndSession
            return;
        }
        ChangeVisit change{id, trigger, anyVersion(id), "reason", "done"};
        if (*rc::gen::inRange(0, 2) == 0) {
            change.service = "wealth";
        } else {
            change.counter = std::to_string(*rc::gen::inRange(1, 4));
        }
        change.after = *rc::gen::inRange<std::size_t>(0, 4);
        const auto* visit = branch.visit(id);
        const bool stale =
            visit != nullptr && change.version.value_or(visit->version) != visit->version;
        const auto actor = anybody();
        const auto* session = visit == nullptr ? nullptr : branch.session(visit->session);
        const bool foreign = session != nullptr && session->user != actor.name && !actor.supervisor;
        const auto before = copyOf(id);
        const auto answer = execute(change, actor);
        if (trigger != Trigger::Recall) {
            remember(actor, before, answer);
        } else if (answer) {
            model.undoable.erase(actor.name);
        }
        RC_ASSERT(!answer || !(stale || foreign)); // 2: compare and set, by the one who called
        if (answer && trigger == Trigger::PutBack) {
            putBack(*branch.visit(id), change.after);
        }
        check(answer);
    }

    /// Behind as many of those whom the counter calls as said, or behind all, but never forward.
    void putBack(const Visit& visit, std::size_t after)
    {
        const std::set<std::string> lines{visit.line, "@" + visit.counter};
        const auto others = static_cast<std::size_t>(std::ranges::count_if(
            model.waiting, [&](const auto& entry) { return lines.contains(entry.second.line); }));
        const auto least = model.before(lines, model.places.at(visit.id));
        RC_ASSERT(model.before(lines, visit.place) == std::max(least, std::min(after, others)));
        model.places[visit.id] = visit.place;
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
            model = {.position = model.position, .day = branch.day().label};
        }
        for (const auto& id : answer->visits) {
            const auto& visit = *branch.visit(id);
            RC_ASSERT(!model.ended.contains(id)); // 4: no resurrection
            if (visit.version == 1) {
                RC_ASSERT(model.tickets.emplace(visit.ticket.series, visit.ticket.number).second);
            }
            RC_ASSERT(visit.place == model.places.at(id)); // 9: nothing else moves anybody
            model.waiting.erase(id);
            if (visit.state == VisitState::Waiting) {
                model.waiting[id] = {visit.line, visit.place};
            }
            if (isTerminal(visit.state)) {
                model.ended.insert(id);
            }
        }
        holds();
    }

    void holds() const
    {
        std::size_t sum = 0;
        for (int state = 0; state < 10; ++state) {
            sum += branch.count(static_cast<VisitState>(state));
        }
        RC_ASSERT(sum == model.tickets.size()); // 8: conservation
        RC_ASSERT(branch.count(VisitState::Waiting) == model.waiting.size());
        if (!branch.day().open) { // nobody waits where nobody works
            for (const auto state : {VisitState::Waiting, VisitState::Called, VisitState::Serving,
                                     VisitState::Parked}) {
                RC_ASSERT(branch.count(state) == 0);
            }
        }
        std::set<std::string> counters;
        for (const auto& [id, session] : branch.sessions()) {
            if (session.open) {
                RC_ASSERT(counters.insert(session.counter).second);
            }
        }
        std::set<std::string> bound; // 2: one caller
        for (const auto& [id, visit] : branch.visits()) {
            const bool atCounter =
                visit.state == VisitState::Called || visit.state == VisitState::Serving;
            if (visit.state == VisitState::Called || !visit.session.empty()) {
                RC_ASSERT(atCounter);
                RC_ASSERT(bound.insert(visit.session).second);
                RC_ASSERT(branch.session(visit.session)->open);
                RC_ASSERT(branch.session(visit.session)->visit == id);
            }
            if (visit.state == VisitState::Waiting && visit.line.starts_with('@')) {
                RC_ASSERT(counters.contains(visit.line.substr(1))); // nobody is left waiting there
            }
            if (const auto outlook = branch.outlook(visit)) { // "ahead" is the policy's own order
                std::set<std::string> lines{"cash", "account", "wealth", "corporate", visit.line};
                RC_ASSERT(model.before(lines, visit.place) == outlook->ahead);
            }
        }
    }
};

} // namespace

TEST_CASE("branch: invariants hold after every command of any sequence")
{
    REQUIRE(rc::check([] {
        Run run;
        run.check(run.execute(OpenDay{"2026-11-24"}, {"boss", true}));
        const auto steps = *rc::gen::inRange(1, 60);
        for (int i = 0; i < steps; ++i) {
            run.step();
        }
    }));
}
