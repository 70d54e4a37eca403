// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "cloudbranch/signalling/assist.h"

namespace guichet::signalling {

enum class Step {
    Ask,
    Ring,
    Accept,
    PassOn, ///< declined, not answered, or the seat left while it rang
    Join,   ///< picture, sound or text reach both
    Interrupt,
    LoseSeat, ///< the seat is gone for good: somebody else takes over
    Transfer,
    HangUp,
    LoseTerminal,
    Withdraw,
    LeaveCallBack,
    TakeCallBack,
    Finish,
};

/// One row of the table of states; what is not in it is refused.
struct StepRow {
    std::optional<AssistState> from = {}; ///< none: the assist does not exist yet
    Step step = Step::Ask;
    AssistState to = AssistState::Waiting;
};

[[nodiscard]] std::span<const StepRow> steps();
/// Where a step leads from a state; nothing if it is not legal there.
[[nodiscard]] std::optional<AssistState> after(std::optional<AssistState> from, Step step);
/// Past-tense name of the log entry that a step leaves: "assist.accepted".
[[nodiscard]] std::string_view eventName(Step step);

} // namespace guichet::signalling
