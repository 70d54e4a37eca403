// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/transitions.h"

#include <algorithm>
#include <array>

namespace guichet::queue::domain {
namespace {

using enum VisitState;
constexpr std::optional<VisitState> kNew = std::nullopt;

constexpr std::array kTable{
    Transition{1, kNew, Trigger::TakeNumber, Waiting, Guard::ServiceTakesNumbers},
    Transition{2, kNew, Trigger::TakeRemote, Remote, Guard::ServiceTakesNumbers},
    Transition{3, kNew, Trigger::CheckInAppointment, Waiting, Guard::ArrivalWindow},
    Transition{4, Remote, Trigger::CheckIn, Waiting, Guard::ArrivalWindow},
    Transition{4, Remote, Trigger::Delay, Remote, Guard::DelayOnce},
    Transition{5, Remote, Trigger::ArrivalLimit, Expired, Guard::None},
    Transition{6, Waiting, Trigger::Call, Called, Guard::SessionFree},
    Transition{7, Called, Trigger::Recall, Called, Guard::RecallLeft},
    Transition{8, Called, Trigger::Arrive, Serving, Guard::OwnSession},
    Transition{8, Called, Trigger::Start, Serving, Guard::OwnSession},
    Transition{8, Serving, Trigger::Start, Serving, Guard::NotStarted},
    Transition{9, Called, Trigger::GiveUp, NoShow, Guard::CalledEnough},
    Transition{10, Called, Trigger::PutBack, Waiting, Guard::PutBackLeft},
    Transition{11, Called, Trigger::LoseCounter, Waiting, Guard::None},
    Transition{11, Waiting, Trigger::LoseCounter, Waiting, Guard::None},
    Transition{11, Serving, Trigger::LoseCounter, Serving, Guard::None},
    Transition{12, Serving, Trigger::Park, Parked, Guard::OwnSession},
    Transition{13, Parked, Trigger::Call, Called, Guard::SessionFree},
    Transition{13, Parked, Trigger::Unpark, Waiting, Guard::OwnParked},
    Transition{14, Serving, Trigger::Transfer, Waiting, Guard::TargetExists},
    Transition{14, Called, Trigger::Transfer, Waiting, Guard::TargetExists},
    Transition{14, Serving, Trigger::TransferToPool, Parked, Guard::TargetExists},
    Transition{14, Called, Trigger::TransferToPool, Parked, Guard::TargetExists},
    Transition{15, Serving, Trigger::Finish, Done, Guard::OwnSession},
    Transition{16, Serving, Trigger::NextService, Waiting, Guard::TargetExists},
    Transition{17, Remote, Trigger::Cancel, Cancelled, Guard::None},
    Transition{17, Waiting, Trigger::Cancel, Cancelled, Guard::None},
    Transition{17, Parked, Trigger::Cancel, Cancelled, Guard::None},
    Transition{18, Waiting, Trigger::Remove, Removed, Guard::Reason},
    Transition{18, Parked, Trigger::Remove, Removed, Guard::Reason},
    Transition{18, Called, Trigger::Remove, Removed, Guard::Reason},
    Transition{19, NoShow, Trigger::ReturnLate, Waiting, Guard::LateReturnOnce},
    Transition{20, Remote, Trigger::CloseDay, Expired, Guard::None},
    Transition{20, Waiting, Trigger::CloseDay, Expired, Guard::None},
    Transition{20, Called, Trigger::CloseDay, Expired, Guard::None},
    Transition{20, Serving, Trigger::CloseDay, Expired, Guard::None},
    Transition{20, Parked, Trigger::CloseDay, Expired, Guard::None},
};

} // namespace

std::span<const Transition> transitions()
{
    return kTable;
}

const Transition* findTransition(std::optional<VisitState> from, Trigger trigger)
{
    const auto* found = std::ranges::find_if(kTable, [&](const Transition& entry) {
        return entry.from == from && entry.trigger == trigger;
    });
    return found == kTable.end() ? nullptr : found;
}

std::string_view eventName(Trigger trigger)
{
    switch (trigger) {
    case Trigger::TakeNumber:
    case Trigger::TakeRemote:
        return "visit.created";
    case Trigger::CheckInAppointment:
    case Trigger::CheckIn:
        return "visit.checked_in";
    case Trigger::ArrivalLimit:
    case Trigger::CloseDay:
        return "visit.expired";
    case Trigger::Delay:
        return "visit.delayed";
    case Trigger::Call:
        return "visit.called";
    case Trigger::Recall:
        return "visit.recalled";
    case Trigger::Arrive:
        return "visit.arrived";
    case Trigger::Start:
        return "visit.started";
    case Trigger::GiveUp:
        return "visit.no_show";
    case Trigger::PutBack:
        return "visit.requeued";
    case Trigger::LoseCounter:
        return "visit.counter_lost";
    case Trigger::Park:
        return "visit.parked";
    case Trigger::Unpark:
        return "visit.unparked";
    case Trigger::Transfer:
    case Trigger::TransferToPool:
        return "visit.transferred";
    case Trigger::Finish:
        return "visit.completed";
    case Trigger::NextService:
        return "visit.continued";
    case Trigger::Cancel:
        return "visit.cancelled";
    case Trigger::Remove:
        return "visit.removed";
    case Trigger::ReturnLate:
        return "visit.returned";
    case Trigger::Undo:
        return "visit.undone";
    }
    return "visit.changed";
}

} // namespace guichet::queue::domain
