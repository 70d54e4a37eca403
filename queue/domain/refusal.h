// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace guichet::queue::domain {

enum class RefusalCode {
    DayClosed,
    DayOpen,
    ServiceUnknown,
    ServiceClosed,
    NumbersExhausted,
    VisitUnknown,
    SessionUnknown,
    SessionEnded,
    SessionBusy,
    CounterUnknown,
    CounterTaken,
    CounterClosed,
    ProfileUnknown,
    IllegalTransition,
    StaleVersion,
    NotYourSession,
    TooManyCalls,
    TooFewCalls,
    TooSoon,
    TooManyRequeues,
    AlreadyStarted,
    ReasonMissing,
    NothingToUndo,
    NotOffered,
    SlotUnknown,
    SlotTaken,
    HoldUnknown,
    HoldLapsed,
    TooManyBookings,
    AppointmentUnknown,
    AppointmentOver,
    AppointmentCancelled,
    TooEarly,
    CodeUnknown,
    NumberLapsed,
    VisitEnded,
    AlreadyDelayed,
    RemoteFull,
    KeyReused,
    StorageUnavailable,
};
/// Stable, lower case with dashes: "illegal-transition".
[[nodiscard]] std::string_view name(RefusalCode code);

/// Why a command changed nothing.
struct Refusal {
    RefusalCode code;
    std::string detail; ///< for the caller's developer; no personal data
};

[[nodiscard]] inline tl::unexpected<Refusal> refuse(RefusalCode code, std::string detail)
{
    return tl::unexpected(Refusal{code, std::move(detail)});
}

} // namespace guichet::queue::domain
