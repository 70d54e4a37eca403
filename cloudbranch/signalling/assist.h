// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cloudbranch/signalling/skills.h"
#include "peripherals/base/clock.h"

namespace guichet::signalling {

/// One customer's wish for remote staff, from the press on "help" to the outcome.
enum class AssistState {
    Waiting,     ///< for somebody who can help
    Ringing,     ///< at one seat
    Joining,     ///< accepted; picture and sound are on their way
    Talking,     ///< picture, sound or text reach both
    Interrupted, ///< the line is lost; both are still there
    WrapUp,      ///< the customer is through; the seat writes down what came of it
    CallBack,    ///< the customer has a slip: somebody will call
    Closed,
};

/// By which means; a poor line or the customer's choice makes it less.
enum class Mode { Video, Voice, Text };

[[nodiscard]] std::string_view name(AssistState state);
[[nodiscard]] std::string_view name(Mode mode);
/// Nothing for any other word.
[[nodiscard]] std::optional<AssistState> assistStateFromName(std::string_view text);
[[nodiscard]] std::optional<Mode> modeFromName(std::string_view text);

/// Somebody at a seat is with the customer, or was a moment ago.
[[nodiscard]] constexpr bool isAnswered(AssistState state)
{
    return state >= AssistState::Joining && state <= AssistState::Interrupted;
}

struct Assist {
    std::string id = {};
    std::string caseId = {};   ///< what the customer already did; stays through every transfer
    std::string terminal = {}; ///< where the customer is
    std::string visit = {};    ///< the ticket's, if there is one
    Needs needs = {};
    std::string customerClass = {}; ///< as the rules name them; empty: no credit
    Mode mode = Mode::Video;
    AssistState state = AssistState::Waiting;
    std::int64_t version = 1;
    std::uint64_t sequence = 0; ///< of the log entry that created it; breaks ties
    Instant asked{};            ///< when the customer pressed
    Instant place{};            ///< `asked` less the credit of the class; smaller is served earlier
    Instant since{};            ///< in this state
    std::string seat = {};      ///< from Ringing to WrapUp; of Waiting: the one it was sent to
    std::string consultant = {};                  ///< a second seat that looks at the case
    std::map<std::string, Instant> passedBy = {}; ///< seats that did not take it, and since when
    int transfers = 0;
    std::string contact = {};              ///< of a call-back; sealed to the bank, never read here
    std::optional<Instant> lostSince = {}; ///< the terminal's connection
    std::string outcome = {};              ///< why it ended, as a keyword
};

} // namespace guichet::signalling
