// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "queue/domain/visit.h"

namespace guichet::queue::domain {

enum class Trigger {
    TakeNumber,
    TakeRemote,
    CheckInAppointment,
    CheckIn,
    ArrivalLimit,
    Delay, ///< the customer is late: one more while to arrive
    Call,
    Recall,
    Arrive,
    Start,
    GiveUp,
    PutBack,
    LoseCounter,
    Park,
    Unpark,
    Transfer,
    TransferToPool,
    Finish,
    NextService,
    Cancel,
    Remove,
    ReturnLate,
    CloseDay,
    Undo, ///< row 21; no entry of the table: it leads to wherever the visit was
};

/// What must hold besides the state; each is answered by the branch (see Guards).
enum class Guard {
    None,
    ServiceTakesNumbers, ///< the day and the service are open, a number is left
    ArrivalWindow,
    SessionFree, ///< the session is open and has no visit
    OwnSession,  ///< the caller holds the session that the visit is bound to
    OwnParked,   ///< nobody else sits at the counter that parked the visit
    RecallLeft,  ///< own session, fewer calls than the most, the gap has passed
    CalledEnough,
    PutBackLeft, ///< own session, put back fewer times than the most
    TargetExists,
    NotStarted,
    Reason, ///< a reason is given; own session if the visit is at a counter
    LateReturnOnce,
    DelayOnce,
};

/// One row of the table of states; what is not in it is refused.
struct Transition {
    int row = 0; ///< number in the description of the model, which several entries may share
    std::optional<VisitState> from;
    Trigger trigger = Trigger::TakeNumber;
    VisitState to = VisitState::Waiting;
    Guard guard = Guard::None;
};

[[nodiscard]] std::span<const Transition> transitions();
/// The entry for a trigger in a state (none: the visit does not exist yet), or nullptr.
[[nodiscard]] const Transition* findTransition(std::optional<VisitState> from, Trigger trigger);
/// Past-tense name of the log entry that a trigger leaves: "visit.called".
[[nodiscard]] std::string_view eventName(Trigger trigger);

} // namespace guichet::queue::domain
