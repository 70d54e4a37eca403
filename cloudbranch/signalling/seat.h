// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cloudbranch/signalling/skills.h"
#include "peripherals/base/clock.h"

namespace guichet::signalling {

enum class SeatState {
    Away,    ///< signed in, takes nothing
    Ready,   ///< waits for a customer
    Ringing, ///< is asked to take one
    Busy,    ///< with a customer
    WrapUp,  ///< writes down what came of it
};

[[nodiscard]] std::string_view name(SeatState state);
/// Nothing for any other word.
[[nodiscard]] std::optional<SeatState> seatStateFromName(std::string_view text);

/// A member of remote staff who is signed in.
struct Seat {
    std::string id = {};   ///< the member's login name
    std::string pool = {}; ///< which staff: an outlet's own, or everybody's
    Skills skills = {};
    SeatState state = SeatState::Away;
    std::string reason = {};               ///< of Away: "break", "no-answer" ...
    std::string assist = {};               ///< from Ringing to WrapUp
    Instant since{};                       ///< in this state
    int handled = 0;                       ///< since signing in
    bool awayNext = false;                 ///< wants a pause after this customer
    std::optional<Instant> lostSince = {}; ///< its connection
};

} // namespace guichet::signalling
