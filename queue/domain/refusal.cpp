// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/refusal.h"

namespace guichet::queue::domain {

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
    case RefusalCode::NothingToUndo:
        return "nothing-to-undo";
    case RefusalCode::NotOffered:
        return "not-offered";
    case RefusalCode::SlotUnknown:
        return "unknown-slot";
    case RefusalCode::SlotTaken:
        return "slot-taken";
    case RefusalCode::HoldUnknown:
        return "unknown-hold";
    case RefusalCode::HoldLapsed:
        return "hold-lapsed";
    case RefusalCode::TooManyBookings:
        return "too-many-bookings";
    case RefusalCode::AppointmentUnknown:
        return "unknown-appointment";
    case RefusalCode::AppointmentOver:
        return "appointment-over";
    case RefusalCode::AppointmentCancelled:
        return "appointment-cancelled";
    case RefusalCode::TooEarly:
        return "too-early";
    case RefusalCode::CodeUnknown:
        return "code-unknown";
    case RefusalCode::NumberLapsed:
        return "number-lapsed";
    case RefusalCode::VisitEnded:
        return "visit-ended";
    case RefusalCode::AlreadyDelayed:
        return "already-delayed";
    case RefusalCode::RemoteFull:
        return "remote-full";
    case RefusalCode::KeyReused:
        return "idempotency-key-reused";
    case RefusalCode::StorageUnavailable:
        return "storage-unavailable";
    }
    return "refused";
}

} // namespace guichet::queue::domain
