// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/steps.h"

#include <algorithm>
#include <array>

namespace guichet::signalling {
namespace {

using enum AssistState;

constexpr std::array kSteps{
    StepRow{std::nullopt, Step::Ask, Waiting},
    StepRow{Waiting, Step::Ring, Ringing},
    StepRow{Ringing, Step::Accept, Joining},
    StepRow{Ringing, Step::PassOn, Waiting},
    StepRow{Joining, Step::Join, Talking},
    StepRow{Interrupted, Step::Join, Talking},
    StepRow{Talking, Step::Interrupt, Interrupted},
    StepRow{Joining, Step::LoseSeat, Waiting},
    StepRow{Talking, Step::LoseSeat, Waiting},
    StepRow{Interrupted, Step::LoseSeat, Waiting},
    StepRow{WrapUp, Step::LoseSeat, CallBack}, // of a call-back: it is still owed
    StepRow{Joining, Step::Transfer, Waiting},
    StepRow{Talking, Step::Transfer, Waiting},
    StepRow{Interrupted, Step::Transfer, Waiting},
    StepRow{Joining, Step::HangUp, WrapUp},
    StepRow{Talking, Step::HangUp, WrapUp},
    StepRow{Interrupted, Step::HangUp, WrapUp},
    StepRow{Waiting, Step::LoseTerminal, Closed},
    StepRow{Ringing, Step::LoseTerminal, Closed},
    StepRow{Joining, Step::LoseTerminal, WrapUp},
    StepRow{Talking, Step::LoseTerminal, WrapUp},
    StepRow{Interrupted, Step::LoseTerminal, WrapUp},
    StepRow{Waiting, Step::Withdraw, Closed},
    StepRow{Ringing, Step::Withdraw, Closed},
    StepRow{Waiting, Step::LeaveCallBack, CallBack},
    StepRow{Ringing, Step::LeaveCallBack, CallBack},
    StepRow{CallBack, Step::TakeCallBack, WrapUp},
    StepRow{WrapUp, Step::Finish, Closed},
};

} // namespace

std::span<const StepRow> steps()
{
    return kSteps;
}

std::optional<AssistState> after(std::optional<AssistState> from, Step step)
{
    const auto* row = std::ranges::find_if(
        kSteps, [&](const StepRow& each) { return each.from == from && each.step == step; });
    return row == kSteps.end() ? std::nullopt : std::optional(row->to);
}

std::string_view eventName(Step step)
{
    switch (step) {
    case Step::Ask:
        return "assist.asked";
    case Step::Ring:
        return "assist.ringing";
    case Step::Accept:
        return "assist.accepted";
    case Step::PassOn:
        return "assist.passed_on";
    case Step::Join:
        return "assist.joined";
    case Step::Interrupt:
        return "assist.interrupted";
    case Step::LoseSeat:
        return "assist.seat_lost";
    case Step::Transfer:
        return "assist.transferred";
    case Step::HangUp:
        return "assist.hung_up";
    case Step::LoseTerminal:
        return "assist.terminal_lost";
    case Step::Withdraw:
        return "assist.withdrawn";
    case Step::LeaveCallBack:
        return "assist.call_back_left";
    case Step::TakeCallBack:
        return "assist.call_back_taken";
    case Step::Finish:
        break;
    }
    return "assist.finished";
}

} // namespace guichet::signalling
