// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/guards.h"

namespace guichet::queue::domain {

std::optional<Refusal> Guards::service(const ServiceSettings* service) const
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

std::optional<Refusal> Guards::ownSession(const Visit& visit, const Actor& actor) const
{
    const auto* bound = m_sessions.find(visit.session);
    if (bound != nullptr && bound->user != actor.name && !actor.supervisor) {
        return Refusal{RefusalCode::NotYourSession, "the visit is at somebody else's counter"};
    }
    if (bound == nullptr && visit.state == VisitState::Serving && !actor.supervisor) {
        return Refusal{RefusalCode::NotYourSession, "the counter was lost; a supervisor decides"};
    }
    return std::nullopt;
}

std::optional<Refusal> Guards::parked(const Visit& visit, const Actor& actor) const
{
    const auto* sitting = m_sessions.at(visit.counter);
    if (visit.state == VisitState::Parked && !actor.supervisor && sitting != nullptr &&
        sitting->user != actor.name) {
        return Refusal{RefusalCode::NotYourSession, "the visit is parked at another counter"};
    }
    return std::nullopt;
}

std::optional<Refusal> Guards::row(Guard guard, const Visit& visit, const ChangeVisit& command,
                                   const Actor& actor, Moment moment) const
{
    switch (guard) {
    case Guard::None:
        return std::nullopt;
    case Guard::OwnSession:
        return ownSession(visit, actor);
    case Guard::OwnParked:
        return parked(visit, actor);
    case Guard::RecallLeft:
        if (visit.calls >= m_settings.mostCalls) {
            return Refusal{RefusalCode::TooManyCalls, "the visit was called as often as allowed"};
        }
        if (visit.calledAt && moment.wall - *visit.calledAt < m_settings.recallGap &&
            moment.wall >= *visit.calledAt) {
            return Refusal{RefusalCode::TooSoon, "the last call was a moment ago"};
        }
        return ownSession(visit, actor);
    case Guard::CalledEnough:
        if (visit.calls < m_settings.leastCallsForNoShow && command.reason.empty()) {
            return Refusal{RefusalCode::TooFewCalls, "call again, or give a reason"};
        }
        return ownSession(visit, actor);
    case Guard::PutBackLeft:
        if (visit.requeues >= m_settings.mostRequeues) {
            return Refusal{RefusalCode::TooManyRequeues, "the visit was put back too often"};
        }
        return ownSession(visit, actor);
    case Guard::TargetExists:
        if (!command.counter.empty() && !m_settings.hasCounter(command.counter)) {
            return Refusal{RefusalCode::CounterUnknown, "this branch has no such counter"};
        }
        if (!command.counter.empty() && m_sessions.at(command.counter) == nullptr) {
            return Refusal{RefusalCode::CounterClosed, "nobody sits at that counter now"};
        }
        if (command.counter.empty()) {
            if (auto refusal = service(m_settings.service(command.service))) {
                return refusal;
            }
        }
        return ownSession(visit, actor);
    case Guard::NotStarted:
        if (visit.startedAt) {
            return Refusal{RefusalCode::AlreadyStarted, "the service has started"};
        }
        return ownSession(visit, actor);
    case Guard::Reason:
        if (command.reason.empty()) {
            return Refusal{RefusalCode::ReasonMissing, "say why the visit is removed"};
        }
        return ownSession(visit, actor);
    case Guard::ArrivalWindow:
        if (!visit.arriveBy || *visit.arriveBy < moment.time) {
            return Refusal{RefusalCode::NumberLapsed, "the time to arrive is over"};
        }
        return std::nullopt;
    case Guard::DelayOnce:
        if (visit.delays > 0) {
            return Refusal{RefusalCode::AlreadyDelayed, "more time was given already"};
        }
        return std::nullopt;
    case Guard::LateReturnOnce:
        if (visit.returns > 0 || !visit.endedAt ||
            moment.wall - *visit.endedAt > m_settings.returnWithin) {
            return Refusal{RefusalCode::VisitEnded, "the number has ended"};
        }
        return std::nullopt;
    case Guard::ServiceTakesNumbers:
    case Guard::SessionFree:
        break;
    }
    return Refusal{RefusalCode::NotOffered, "this branch does not offer that"};
}

} // namespace guichet::queue::domain
