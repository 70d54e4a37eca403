// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/branch.h"

#include <algorithm>
#include <utility>

#include "queue/domain/branch_context.h"
#include "queue/domain/check_in_number.h"

namespace guichet::queue::domain {
namespace {

constexpr std::size_t kRecentCalls = 20;

std::string counterLine(const std::string& counter)
{
    return "@" + counter;
}

std::size_t index(VisitState state)
{
    return static_cast<std::size_t>(state);
}

} // namespace

Branch::Branch(BranchSettings settings, BranchState state)
    : m_settings(std::move(settings))
    , m_day(std::move(state.day))
    , m_position(state.position)
    , m_time(state.time)
    , m_calls(std::move(state.calls))
    , m_bookings(std::move(state.appointments), std::move(state.forms), std::move(state.seats))
{
    for (auto& session : state.sessions) {
        m_sessions.add(std::move(session));
    }
    for (auto& visit : state.visits) {
        auto& last = m_lastNumber[visit.ticket.series];
        last = std::max(last, visit.ticket.number);
        m_time = std::max(m_time, visit.place.ready);
        ++m_counts[visit.service].at(index(visit.state));
        if (visit.state == VisitState::Waiting) {
            m_lines.insert(visit.line, visit.place, visit.id);
        }
        if (visit.state == VisitState::Remote) {
            m_arrivals.emplace(visit.arriveBy.value_or(m_time), visit.id);
        }
        if (!visit.code.empty()) {
            m_remoteCodes[visit.code] = visit.id;
        }
        if (auto* session = m_sessions.find(visit.session)) {
            session->visit = visit.id;
        }
        m_visits.emplace(visit.id, std::move(visit));
    }
}

Answer Branch::execute(const Command& command, const Actor& actor, Moment moment)
{
    m_time = std::max(m_time, moment.time);
    Context context{actor, {m_time, moment.wall}};
    return std::visit([&](const auto& concrete) { return run(concrete, context); }, command);
}

const Visit* Branch::visit(const std::string& id) const
{
    const auto found = m_visits.find(id);
    return found == m_visits.end() ? nullptr : &found->second;
}

std::size_t Branch::count(VisitState state) const
{
    std::size_t sum = 0;
    for (const auto& [service, counts] : m_counts) {
        sum += counts.at(index(state));
    }
    return sum;
}

/// A service's line, or that of a counter where somebody sits.
bool Branch::reachable(const std::string& line) const
{
    return !line.starts_with(counterLine({})) || m_sessions.at(line.substr(1)) != nullptr;
}

Staffing Branch::staffing() const
{
    return {m_sessions.open(), count(VisitState::Called) + count(VisitState::Serving)};
}

Answer Branch::run(const OpenDay& command, Context& context)
{
    if (m_day.open) {
        return refuse(RefusalCode::DayOpen, "the business day is already open");
    }
    if (command.label > m_day.label) { // a clock set back must not restart the numbers
        m_visits.clear();
        m_sessions.clear();
        m_lastNumber.clear();
        m_counts.clear();
        m_calls.clear();
        m_lastSteps.clear();
        m_arrivals.clear();
        m_remoteCodes.clear();
        m_bookings.forget(context.moment.wall - kBookingMemory);
        m_lines = Lines();
        m_day.label = command.label;
        m_day.openedAt = context.moment.wall;
    }
    m_day.open = true;
    m_day.closedAt.reset();
    log(context, "business_day.opened", m_day.label);
    context.outcome.dayChanged = true;
    return std::move(context.outcome);
}

Answer Branch::run(const CloseDay&, Context& context)
{
    if (!m_day.open) {
        return refuse(RefusalCode::DayClosed, "the business day is already closed");
    }
    std::vector<Visit*> left;
    for (auto& [id, visit] : m_visits) {
        if (!isTerminal(visit.state)) {
            left.push_back(&visit);
        }
    }
    std::ranges::sort(left, {}, &Visit::sequence);
    for (auto* visit : left) {
        apply(*visit, *findTransition(visit->state, Trigger::CloseDay),
              {visit->id, Trigger::CloseDay}, context);
    }
    for (auto* session : m_sessions.opened()) {
        session->open = false;
        context.outcome.sessions.push_back(session->id);
        log(context, "counter.closed", session->id).counter = session->counter;
    }
    m_day.open = false;
    m_lastSteps.clear();
    m_day.closedAt = context.moment.wall;
    log(context, "business_day.closed", m_day.label);
    context.outcome.dayChanged = true;
    return std::move(context.outcome);
}

Answer Branch::run(const TakeNumber& command, Context& context)
{
    const auto* service = m_settings.service(command.service);
    if (auto refusal = guards().service(service)) {
        return tl::unexpected(std::move(*refusal));
    }
    if (command.remote && !service->remote) {
        return refuse(RefusalCode::NotOffered, "this service gives numbers at the outlet only");
    }
    if (command.remote && m_arrivals.size() >= m_settings.remote.mostUnarrived) {
        return refuse(RefusalCode::RemoteFull, "too many are on their way already");
    }
    Visit visit;
    visit.id = command.visit;
    visit.service = service->id;
    visit.language = command.language;
    visit.channel = command.channel;
    visit.customerClass = command.customerClass;
    if (command.remote) {
        visit.code = remoteCode(command.chance);
    }
    return admit(std::move(visit), command.remote ? Trigger::TakeRemote : Trigger::TakeNumber,
                 context.moment.time, context);
}

std::string Branch::remoteCode(std::uint64_t chance) const
{
    auto code = checkInNumber(chance);
    while (m_remoteCodes.contains(code) || !m_bookings.idOf(code).empty()) {
        code = checkInNumber(++chance);
    }
    return code;
}

/// Gives a new visit its number and its place.
Answer Branch::admit(Visit visit, Trigger trigger, Instant ready, Context& context)
{
    const auto& service = *m_settings.service(visit.service);
    const auto last = m_lastNumber.find(service.series);
    const int number = last == m_lastNumber.end() ? service.firstNumber : last->second + 1;
    if (number > service.lastNumber) {
        return refuse(RefusalCode::NumbersExhausted, "every number of this series is given");
    }
    m_lastNumber[service.series] = number;
    visit.ticket = {service.series, number};
    visit.sequence = m_position + 1;
    visit.place = placeFor(m_settings, visit.customerClass, ready, visit.sequence);
    visit.line = service.id;
    visit.state = findTransition(std::nullopt, trigger)->to;
    auto& stored = m_visits.emplace(visit.id, std::move(visit)).first->second;
    ++m_counts[stored.service].at(index(stored.state));
    if (stored.state == VisitState::Waiting) {
        m_lines.insert(stored.line, stored.place, stored.id);
    } else {
        const auto expected =
            outlookAt(stored.place, stored.service, stored.line, m_lines, m_settings, staffing())
                .wait.likely;
        const auto& rules = m_settings.remote;
        stored.arriveBy = ready + std::max(rules.leastArrival, expected + rules.grace);
        m_arrivals.emplace(*stored.arriveBy, stored.id);
        m_remoteCodes[stored.code] = stored.id;
    }
    logVisit(context, trigger, stored, std::nullopt);
    context.outcome.visit = stored.id;
    context.outcome.created = true;
    context.outcome.visits.push_back(stored.id);
    return std::move(context.outcome);
}

Answer Branch::run(const OpenSession& command, Context& context)
{
    if (!m_settings.hasCounter(command.counter)) {
        return refuse(RefusalCode::CounterUnknown, "this branch has no such counter");
    }
    if (m_settings.profile(command.profile) == nullptr) {
        return refuse(RefusalCode::ProfileUnknown, "this branch has no such work profile");
    }
    if (!m_day.open) {
        return refuse(RefusalCode::DayClosed, "the business day is not open");
    }
    if (const auto* sitting = m_sessions.at(command.counter)) {
        if (sitting->user == context.actor.name && sitting->profile == command.profile) {
            context.outcome.session = sitting->id; // the same teller after a crash of the browser
            return std::move(context.outcome);
        }
        return refuse(RefusalCode::CounterTaken, "the counter has an open session");
    }
    const auto& session =
        m_sessions.add({command.session, command.counter, command.profile, context.actor.name});
    log(context, "counter.opened", session.id).counter = session.counter;
    context.outcome.session = session.id;
    context.outcome.created = true;
    context.outcome.sessions.push_back(session.id);
    return std::move(context.outcome);
}

Answer Branch::run(const EndSession& command, Context& context)
{
    if (auto refusal = m_sessions.refusesCall(command.session, context.actor)) {
        const bool forced = refusal->code == RefusalCode::SessionBusy &&
                            m_sessions.find(command.session)->user != context.actor.name;
        if (!forced) {
            return tl::unexpected(std::move(*refusal));
        }
    }
    auto& session = *m_sessions.find(command.session);
    const auto loseCounter = [&](const std::string& id) {
        auto& visit = m_visits.at(id);
        apply(visit, *findTransition(visit.state, Trigger::LoseCounter), {id, Trigger::LoseCounter},
              context);
    };
    if (!session.visit.empty()) {
        loseCounter(std::string(session.visit));
    }
    session.open = false;
    log(context, "counter.closed", session.id).counter = session.counter;
    for (auto left = m_lines.first({counterLine(session.counter)}); !left.empty();
         left = m_lines.first({counterLine(session.counter)})) {
        loseCounter(left); // whoever waits for this counter only
    }
    context.outcome.session = session.id;
    context.outcome.sessions.push_back(session.id);
    return std::move(context.outcome);
}

std::vector<std::string> Branch::callable(const std::vector<std::string>& tier,
                                          const std::string& counter) const
{
    auto lines = tier;
    lines.push_back(counterLine(counter));
    return lines;
}

/// Lines of services and counters that were there when the visits joined them, and are not now.
std::vector<std::string> Branch::abandoned() const
{
    auto lines = m_lines.names();
    std::erase_if(lines, [this](const std::string& line) {
        return line.starts_with(counterLine({})) ? m_settings.hasCounter(line.substr(1))
                                                 : m_settings.service(line) != nullptr;
    });
    return lines;
}

Answer Branch::run(const CallNext& command, Context& context)
{
    if (auto refusal = m_sessions.refusesCall(command.session, context.actor)) {
        return tl::unexpected(std::move(*refusal));
    }
    auto& session = *m_sessions.find(command.session);
    context.outcome.session = session.id;
    std::string next;
    for (const auto& tier : m_settings.profile(session.profile)->tiers) {
        if (next.empty()) {
            next = m_lines.first(callable(tier, session.counter));
        }
    }
    if (next.empty()) {
        next = m_lines.first(abandoned());
    }
    if (!next.empty()) {
        call(m_visits.at(next), session, context);
    }
    return std::move(context.outcome);
}

Answer Branch::run(const CallVisit& command, Context& context)
{
    if (auto refusal = m_sessions.refusesCall(command.session, context.actor)) {
        return tl::unexpected(std::move(*refusal));
    }
    const auto found = m_visits.find(command.visit);
    if (found == m_visits.end()) {
        return refuse(RefusalCode::VisitUnknown, "there is no such visit");
    }
    if (command.version && *command.version != found->second.version) {
        return refuse(RefusalCode::StaleVersion, "the visit has changed since");
    }
    if (findTransition(found->second.state, Trigger::Call) == nullptr) {
        return refuse(RefusalCode::IllegalTransition, "the visit cannot be called in this state");
    }
    if (auto refusal = guards().parked(found->second, context.actor)) {
        return tl::unexpected(std::move(*refusal));
    }
    auto& session = *m_sessions.find(command.session);
    context.outcome.session = session.id;
    call(found->second, session, context);
    return std::move(context.outcome);
}

void Branch::call(Visit& visit, Session& session, Context& context)
{
    auto before = visit;
    const auto from = visit.state;
    leave(visit);
    enter(visit, findTransition(from, Trigger::Call)->to);
    visit.session = session.id;
    visit.counter = session.counter;
    visit.calls = 1;
    visit.calledAt = context.moment.wall;
    visit.arrivedAt.reset();
    visit.startedAt.reset();
    ++visit.version;
    session.visit = visit.id;
    logVisit(context, Trigger::Call, visit, from);
    m_lastSteps.remember(context.actor.name, std::move(before), visit, context.moment.time);
    context.outcome.visit = visit.id;
    context.outcome.visits.push_back(visit.id);
}

Answer Branch::run(const ChangeVisit& command, Context& context)
{
    const auto found = m_visits.find(command.visit);
    if (found == m_visits.end()) {
        return refuse(RefusalCode::VisitUnknown, "there is no such visit");
    }
    auto& visit = found->second;
    if (command.version && *command.version != visit.version) {
        return refuse(RefusalCode::StaleVersion, "the visit has changed since");
    }
    if (command.trigger == Trigger::Undo) {
        return undo(visit, context);
    }
    const auto* row = findTransition(visit.state, command.trigger);
    if (row == nullptr) {
        return refuse(RefusalCode::IllegalTransition,
                      "not allowed while the visit is " + std::string(name(visit.state)));
    }
    if (auto refusal = guards().row(row->guard, visit, command, context.actor, context.moment)) {
        return tl::unexpected(std::move(*refusal));
    }
    auto before = visit;
    apply(visit, *row, command, context);
    if (command.trigger == Trigger::Recall) { // what was announced was heard
        m_lastSteps.forget(context.actor.name);
    } else {
        m_lastSteps.remember(context.actor.name, std::move(before), visit, context.moment.time);
    }
    context.outcome.visit = visit.id;
    return std::move(context.outcome);
}

/// Row 21: a step of its own, so that the log tells both.
Answer Branch::undo(Visit& visit, Context& context)
{
    const auto* before =
        m_lastSteps.before(context.actor.name, visit, context.moment.time, m_settings.undoWithin);
    if (before == nullptr) {
        return refuse(RefusalCode::NothingToUndo,
                      "your last step was another one, too long ago, or is not the last one");
    }
    auto* session = m_sessions.find(before->session);
    if (session != nullptr && !session->open) {
        return refuse(RefusalCode::SessionEnded, "the session has ended");
    }
    if (session != nullptr && !session->visit.empty() && session->visit != visit.id) {
        return refuse(RefusalCode::SessionBusy, "the session has another visit");
    }
    const auto from = visit.state;
    const auto version = visit.version + 1;
    leave(visit);
    release(visit, context);
    --m_counts[visit.service].at(index(visit.state));
    visit = *before;
    visit.version = version;
    if (!reachable(visit.line)) {
        visit.line = visit.service; // nobody sits at that counter any more
    }
    ++m_counts[visit.service].at(index(visit.state));
    if (visit.state == VisitState::Waiting) {
        m_lines.insert(visit.line, visit.place, visit.id);
    }
    if (session != nullptr) {
        session->visit = visit.id;
        context.outcome.session = session->id;
    }
    m_lastSteps.forget(context.actor.name);
    if (from == VisitState::Called) { // nobody is to follow a call that was a slip
        const auto label = visit.ticket.label();
        std::erase_if(m_calls, [&](const Call& call) { return call.ticket == label; });
    }
    logVisit(context, Trigger::Undo, visit, from);
    context.outcome.visit = visit.id;
    context.outcome.visits.push_back(visit.id);
    return std::move(context.outcome);
}

void Branch::apply(Visit& visit, const Transition& row, const ChangeVisit& command,
                   Context& context)
{
    const auto from = visit.state;
    leave(visit);
    const bool stays = row.to == VisitState::Called || row.to == VisitState::Serving;
    if (!stays || row.trigger == Trigger::LoseCounter) {
        release(visit, context);
    }
    visit.reason = command.reason;
    switch (row.trigger) {
    case Trigger::Recall:
        ++visit.calls;
        visit.calledAt = context.moment.wall;
        break;
    case Trigger::Arrive:
        visit.arrivedAt = context.moment.wall;
        break;
    case Trigger::Start:
        visit.startedAt = context.moment.wall;
        visit.arrivedAt = visit.arrivedAt.value_or(context.moment.wall);
        break;
    case Trigger::PutBack:
        ++visit.requeues;
        if (const auto behind = m_lines.nth(callable({visit.line}, visit.counter), command.after);
            behind && *behind > visit.place) {
            visit.place = *behind;
            visit.place.turn = m_position + 1;
        }
        break;
    case Trigger::Transfer:
    case Trigger::NextService:
        if (command.counter.empty()) {
            --m_counts[visit.service].at(index(visit.state));
            visit.service = command.service;
            ++m_counts[visit.service].at(index(visit.state));
            visit.line = command.service;
        } else {
            visit.line = counterLine(command.counter);
        }
        break;
    case Trigger::LoseCounter:
        visit.line = visit.service;
        break;
    case Trigger::Finish:
        visit.outcome = command.outcome;
        break;
    case Trigger::ReturnLate:
        ++visit.returns;
        visit.endedAt.reset();
        visit.place =
            placeFor(m_settings, CustomerClass::WalkIn, context.moment.time, m_position + 1);
        visit.line = visit.service;
        break;
    case Trigger::CheckIn:
        visit.arriveBy.reset();
        break;
    case Trigger::Delay:
        ++visit.delays;
        *visit.arriveBy += m_settings.remote.delay;
        visit.place = placeFor(m_settings, visit.customerClass,
                               visit.place.ready + m_settings.remote.delay, visit.sequence);
        break;
    default:
        break;
    }
    if (isTerminal(row.to)) {
        visit.endedAt = context.moment.wall;
    }
    enter(visit, row.to);
    ++visit.version;
    logVisit(context, row.trigger, visit, from);
    context.outcome.visits.push_back(visit.id);
    if (isTerminal(row.to)) {
        note(m_bookings.end(visit.id, row.to), context);
    }
}

void Branch::leave(Visit& visit)
{
    if (visit.state == VisitState::Waiting) {
        m_lines.erase(visit.line, visit.place);
    }
    if (visit.state == VisitState::Remote) {
        m_arrivals.erase({*visit.arriveBy, visit.id});
    }
}

void Branch::enter(Visit& visit, VisitState state)
{
    auto& counts = m_counts[visit.service];
    --counts.at(index(visit.state));
    ++counts.at(index(state));
    visit.state = state;
    if (state == VisitState::Waiting) {
        m_lines.insert(visit.line, visit.place, visit.id);
    }
    if (state == VisitState::Remote) {
        m_arrivals.emplace(*visit.arriveBy, visit.id);
    }
}

void Branch::release(Visit& visit, Context& context)
{
    if (auto* bound = m_sessions.find(visit.session)) {
        bound->visit.clear();
        context.outcome.session = bound->id;
    }
    visit.session.clear();
}

LogEntry& Branch::log(Context& context, std::string_view type, const std::string& subject)
{
    auto& entry = context.outcome.entries.emplace_back();
    entry.sequence = ++m_position;
    entry.type = type;
    entry.visit = subject;
    entry.actor = context.actor.name;
    entry.recorded = context.moment.wall;
    return entry;
}

void Branch::logVisit(Context& context, Trigger trigger, const Visit& visit,
                      std::optional<VisitState> from)
{
    auto& entry = log(context, eventName(trigger), visit.id);
    entry.ticket = visit.ticket.label();
    entry.fromState = from ? name(*from) : std::string_view();
    entry.toState = name(visit.state);
    entry.service = visit.service;
    entry.counter = visit.counter;
    entry.session = visit.session;
    entry.reason = visit.reason;
    entry.call = visit.calls;
    if (trigger == Trigger::Call || trigger == Trigger::Recall) {
        m_calls.push_front({entry.sequence, entry.ticket, visit.counter, trigger == Trigger::Recall,
                            context.moment.wall});
        if (m_calls.size() > kRecentCalls) {
            m_calls.pop_back();
        }
    }
}

std::optional<Outlook> Branch::outlook(const Visit& visit) const
{
    if (visit.state != VisitState::Waiting) {
        return std::nullopt;
    }
    return outlookAt(visit.place, visit.service, visit.line, m_lines, m_settings, staffing());
}

PublicView Branch::publicView(Instant asOf) const
{
    PublicView view{asOf, m_position, m_day, {}, m_calls, m_sessions.open(), {}};
    for (const auto& service : m_settings.services) {
        const auto found = m_counts.find(service.id);
        const Counts counts = found == m_counts.end() ? Counts{} : found->second;
        const auto place = placeFor(m_settings, CustomerClass::WalkIn, m_time, m_position + 1);
        view.services.push_back(
            {service.id, counts.at(index(VisitState::Waiting)),
             counts.at(index(VisitState::Called)) + counts.at(index(VisitState::Serving)),
             service.open && m_day.open,
             outlookAt(place, service.id, service.id, m_lines, m_settings, staffing()).wait});
    }
    for (std::size_t state = 0; state < view.visits.size(); ++state) {
        view.visits.at(state) = count(static_cast<VisitState>(state));
    }
    return view;
}

} // namespace guichet::queue::domain
