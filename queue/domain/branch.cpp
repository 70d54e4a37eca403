// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/branch.h"

#include <algorithm>
#include <utility>

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

tl::unexpected<Refusal> refuse(RefusalCode code, std::string detail)
{
    return tl::unexpected(Refusal{code, std::move(detail)});
}

} // namespace

std::string_view name(RefusalCode code)
{
    switch (code) {
    case RefusalCode::DayClosed:
        return "business-day-closed";
    case RefusalCode::DayOpen:
        return "business-day-open";
    case RefusalCode::ServiceUnknown:
        return "unknown-service";
    case RefusalCode::ServiceClosed:
        return "service-closed";
    case RefusalCode::NumbersExhausted:
        return "numbers-exhausted";
    case RefusalCode::VisitUnknown:
        return "unknown-visit";
    case RefusalCode::SessionUnknown:
        return "unknown-session";
    case RefusalCode::SessionEnded:
        return "session-ended";
    case RefusalCode::SessionBusy:
        return "session-busy";
    case RefusalCode::CounterUnknown:
        return "unknown-counter";
    case RefusalCode::CounterTaken:
        return "counter-taken";
    case RefusalCode::CounterClosed:
        return "counter-closed";
    case RefusalCode::ProfileUnknown:
        return "unknown-profile";
    case RefusalCode::IllegalTransition:
        return "illegal-transition";
    case RefusalCode::StaleVersion:
        return "stale-version";
    case RefusalCode::NotYourSession:
        return "not-your-session";
    case RefusalCode::TooManyCalls:
        return "too-many-calls";
    case RefusalCode::TooFewCalls:
        return "too-few-calls";
    case RefusalCode::TooSoon:
        return "too-soon";
    case RefusalCode::TooManyRequeues:
        return "too-many-requeues";
    case RefusalCode::AlreadyStarted:
        return "already-started";
    case RefusalCode::ReasonMissing:
        return "reason-missing";
    case RefusalCode::NotOffered:
        return "not-offered";
    case RefusalCode::KeyReused:
        return "idempotency-key-reused";
    case RefusalCode::StorageUnavailable:
        return "storage-unavailable";
    }
    return "refused";
}

struct Branch::Context {
    const Actor& actor;
    Moment moment;
    Outcome outcome = {};
};

Branch::Branch(BranchSettings settings, BranchState state)
    : m_settings(std::move(settings))
    , m_day(std::move(state.day))
    , m_position(state.position)
    , m_time(state.time)
    , m_calls(std::move(state.calls))
{
    for (auto& session : state.sessions) {
        m_sessions.emplace(session.id, std::move(session));
    }
    for (auto& visit : state.visits) {
        auto& last = m_lastNumber[visit.ticket.series];
        last = std::max(last, visit.ticket.number);
        m_time = std::max(m_time, visit.place.ready);
        ++m_counts[visit.service].at(index(visit.state));
        if (visit.state == VisitState::Waiting) {
            m_lines.insert(visit.line, visit.place, visit.id);
        }
        if (const auto session = m_sessions.find(visit.session); session != m_sessions.end()) {
            session->second.visit = visit.id;
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

const Session* Branch::session(const std::string& id) const
{
    const auto found = m_sessions.find(id);
    return found == m_sessions.end() ? nullptr : &found->second;
}

std::size_t Branch::count(VisitState state) const
{
    std::size_t sum = 0;
    for (const auto& [service, counts] : m_counts) {
        sum += counts.at(index(state));
    }
    return sum;
}

bool Branch::staffed(const std::string& counter) const
{
    return std::ranges::any_of(m_sessions, [&](const auto& entry) {
        return entry.second.open && entry.second.counter == counter;
    });
}

std::size_t Branch::openSessions() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_sessions, [](const auto& entry) { return entry.second.open; }));
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
    for (auto& [id, session] : m_sessions) {
        if (session.open) {
            session.open = false;
            context.outcome.sessions.push_back(id);
            log(context, "counter.closed", id).counter = session.counter;
        }
    }
    m_day.open = false;
    m_day.closedAt = context.moment.wall;
    log(context, "business_day.closed", m_day.label);
    context.outcome.dayChanged = true;
    return std::move(context.outcome);
}

std::optional<Refusal> Branch::refusesService(const ServiceSettings* service) const
{
    if (service == nullptr) {
        return Refusal{RefusalCode::ServiceUnknown, "this branch has no such service"};
    }
    if (!m_day.open) {
        return Refusal{RefusalCode::DayClosed, "the business day is not open"};
    }
    if (!service->open) {
        return Refusal{RefusalCode::ServiceClosed, "the service takes nobody now"};
    }
    return std::nullopt;
}

Answer Branch::run(const TakeNumber& command, Context& context)
{
    const auto* service = m_settings.service(command.service);
    if (auto refusal = refusesService(service)) {
        return tl::unexpected(std::move(*refusal));
    }
    const auto last = m_lastNumber.find(service->series);
    const int number = last == m_lastNumber.end() ? service->firstNumber : last->second + 1;
    if (number > service->lastNumber) {
        return refuse(RefusalCode::NumbersExhausted, "every number of this series is given");
    }
    m_lastNumber[service->series] = number;
    Visit visit;
    visit.id = command.visit;
    visit.ticket = {service->series, number};
    visit.sequence = m_position + 1;
    visit.service = service->id;
    visit.language = command.language;
    visit.channel = command.channel;
    visit.customerClass = command.customerClass;
    visit.place = placeFor(m_settings, visit.customerClass, context.moment.time, visit.sequence);
    visit.line = service->id;
    auto& stored = m_visits.emplace(visit.id, std::move(visit)).first->second;
    stored.state = findTransition(std::nullopt, Trigger::TakeNumber)->to;
    ++m_counts[stored.service].at(index(stored.state));
    m_lines.insert(stored.line, stored.place, stored.id);
    logVisit(context, Trigger::TakeNumber, stored, std::nullopt);
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
    for (const auto& [id, session] : m_sessions) {
        if (session.open && session.counter == command.counter) {
            if (session.user == context.actor.name && session.profile == command.profile) {
                context.outcome.session = id; // the same teller after a crash of the browser
                return std::move(context.outcome);
            }
            return refuse(RefusalCode::CounterTaken, "the counter has an open session");
        }
    }
    const Session session{command.session, command.counter, command.profile, context.actor.name};
    m_sessions.emplace(session.id, session);
    log(context, "counter.opened", session.id).counter = session.counter;
    context.outcome.session = session.id;
    context.outcome.created = true;
    context.outcome.sessions.push_back(session.id);
    return std::move(context.outcome);
}

std::optional<Refusal> Branch::refusesSession(const std::string& id, const Context& context) const
{
    const auto* found = session(id);
    if (found == nullptr) {
        return Refusal{RefusalCode::SessionUnknown, "there is no such session"};
    }
    if (!found->open) {
        return Refusal{RefusalCode::SessionEnded, "the session has ended"};
    }
    if (found->user != context.actor.name && !context.actor.supervisor) {
        return Refusal{RefusalCode::NotYourSession, "the session belongs to somebody else"};
    }
    if (!found->visit.empty()) {
        return Refusal{RefusalCode::SessionBusy, "the session has a called visit"};
    }
    return std::nullopt;
}

Answer Branch::run(const EndSession& command, Context& context)
{
    if (auto refusal = refusesSession(command.session, context)) {
        const bool forced = refusal->code == RefusalCode::SessionBusy &&
                            m_sessions.at(command.session).user != context.actor.name;
        if (!forced) {
            return tl::unexpected(std::move(*refusal));
        }
    }
    auto& session = m_sessions.at(command.session);
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
    if (auto refusal = refusesSession(command.session, context)) {
        return tl::unexpected(std::move(*refusal));
    }
    auto& session = m_sessions.at(command.session);
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
    if (auto refusal = refusesSession(command.session, context)) {
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
    if (auto refusal = ownParked(found->second, context)) {
        return tl::unexpected(std::move(*refusal));
    }
    auto& session = m_sessions.at(command.session);
    context.outcome.session = session.id;
    call(found->second, session, context);
    return std::move(context.outcome);
}

void Branch::call(Visit& visit, Session& session, Context& context)
{
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
    context.outcome.visit = visit.id;
    context.outcome.visits.push_back(visit.id);
}

std::optional<Refusal> Branch::ownSession(const Visit& visit, const Context& context) const
{
    const auto* bound = session(visit.session);
    if (bound != nullptr && bound->user != context.actor.name && !context.actor.supervisor) {
        return Refusal{RefusalCode::NotYourSession, "the visit is at somebody else's counter"};
    }
    if (bound == nullptr && visit.state == VisitState::Serving && !context.actor.supervisor) {
        return Refusal{RefusalCode::NotYourSession, "the counter was lost; a supervisor decides"};
    }
    return std::nullopt;
}

std::optional<Refusal> Branch::ownParked(const Visit& visit, const Context& context) const
{
    const bool elsewhere = visit.state == VisitState::Parked && !context.actor.supervisor &&
                           std::ranges::any_of(m_sessions, [&](const auto& entry) {
                               const auto& session = entry.second;
                               return session.open && session.counter == visit.counter &&
                                      session.user != context.actor.name;
                           });
    if (elsewhere) {
        return Refusal{RefusalCode::NotYourSession, "the visit is parked at another counter"};
    }
    return std::nullopt;
}

std::optional<Refusal> Branch::refuses(Guard guard, const Visit& visit, const ChangeVisit& command,
                                       const Context& context) const
{
    switch (guard) {
    case Guard::None:
        return std::nullopt;
    case Guard::OwnSession:
        return ownSession(visit, context);
    case Guard::OwnParked:
        return ownParked(visit, context);
    case Guard::RecallLeft:
        if (visit.calls >= m_settings.mostCalls) {
            return Refusal{RefusalCode::TooManyCalls, "the visit was called as often as allowed"};
        }
        if (visit.calledAt && context.moment.wall - *visit.calledAt < m_settings.recallGap &&
            context.moment.wall >= *visit.calledAt) {
            return Refusal{RefusalCode::TooSoon, "the last call was a moment ago"};
        }
        return ownSession(visit, context);
    case Guard::CalledEnough:
        if (visit.calls < m_settings.leastCallsForNoShow && command.reason.empty()) {
            return Refusal{RefusalCode::TooFewCalls, "call again, or give a reason"};
        }
        return ownSession(visit, context);
    case Guard::PutBackLeft:
        if (visit.requeues >= m_settings.mostRequeues) {
            return Refusal{RefusalCode::TooManyRequeues, "the visit was put back too often"};
        }
        return ownSession(visit, context);
    case Guard::TargetExists:
        if (!command.counter.empty() && !m_settings.hasCounter(command.counter)) {
            return Refusal{RefusalCode::CounterUnknown, "this branch has no such counter"};
        }
        if (!command.counter.empty() && !staffed(command.counter)) {
            return Refusal{RefusalCode::CounterClosed, "nobody sits at that counter now"};
        }
        if (command.counter.empty()) {
            if (auto refusal = refusesService(m_settings.service(command.service))) {
                return refusal;
            }
        }
        return ownSession(visit, context);
    case Guard::NotStarted:
        if (visit.startedAt) {
            return Refusal{RefusalCode::AlreadyStarted, "the service has started"};
        }
        return ownSession(visit, context);
    case Guard::Reason:
        if (command.reason.empty()) {
            return Refusal{RefusalCode::ReasonMissing, "say why the visit is removed"};
        }
        return ownSession(visit, context);
    case Guard::ServiceTakesNumbers:
    case Guard::SessionFree:
    case Guard::ArrivalWindow:
    case Guard::LateReturnOnce:
        break;
    }
    return Refusal{RefusalCode::NotOffered, "this branch does not offer that"};
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
    const auto* row = findTransition(visit.state, command.trigger);
    if (row == nullptr) {
        return refuse(RefusalCode::IllegalTransition,
                      "not allowed while the visit is " + std::string(name(visit.state)));
    }
    if (auto refusal = refuses(row->guard, visit, command, context)) {
        return tl::unexpected(std::move(*refusal));
    }
    apply(visit, *row, command, context);
    context.outcome.visit = visit.id;
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
}

void Branch::leave(Visit& visit)
{
    if (visit.state == VisitState::Waiting) {
        m_lines.erase(visit.line, visit.place);
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
}

void Branch::release(Visit& visit, Context& context)
{
    if (const auto bound = m_sessions.find(visit.session); bound != m_sessions.end()) {
        bound->second.visit.clear();
        context.outcome.session = bound->first;
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

Outlook Branch::outlook(const std::string& service, const std::string& line,
                        const Place& place) const
{
    const auto* standard = m_settings.profile("default");
    Outlook result;
    std::vector<WorkAhead> work;
    const auto add = [&](const std::string& id, std::size_t visits) {
        const auto* settings = m_settings.service(id);
        work.push_back(
            {visits, settings == nullptr ? std::chrono::seconds(0) : settings->meanService});
        result.ahead += visits;
    };
    bool shared = false;
    for (const auto& tier : standard == nullptr ? decltype(standard->tiers){} : standard->tiers) {
        const bool own = std::ranges::find(tier, service) != tier.end();
        for (const auto& id : tier) {
            add(id, own ? m_lines.before(id, place) : m_lines.size(id));
        }
        if (own) {
            shared = true;
            break;
        }
    }
    if (!shared) {
        work.clear();
        result.ahead = 0;
    }
    if (!shared || line != service) {
        add(service, m_lines.before(line, place));
    }
    const auto busy = count(VisitState::Called) + count(VisitState::Serving);
    result.wait = predictWait(work, openSessions(), busy);
    return result;
}

std::optional<Outlook> Branch::outlook(const Visit& visit) const
{
    if (visit.state != VisitState::Waiting) {
        return std::nullopt;
    }
    return outlook(visit.service, visit.line, visit.place);
}

PublicView Branch::publicView(Instant asOf) const
{
    PublicView view{asOf, m_position, m_day, {}, m_calls, openSessions(), {}};
    for (const auto& service : m_settings.services) {
        const auto found = m_counts.find(service.id);
        const Counts counts = found == m_counts.end() ? Counts{} : found->second;
        const auto place = placeFor(m_settings, CustomerClass::WalkIn, m_time, m_position + 1);
        view.services.push_back(
            {service.id, counts.at(index(VisitState::Waiting)),
             counts.at(index(VisitState::Called)) + counts.at(index(VisitState::Serving)),
             service.open && m_day.open, outlook(service.id, service.id, place).wait});
    }
    for (std::size_t state = 0; state < view.visits.size(); ++state) {
        view.visits.at(state) = count(static_cast<VisitState>(state));
    }
    return view;
}

} // namespace guichet::queue::domain
