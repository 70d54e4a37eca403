// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cloudbranch/signalling/assist.h"
#include "cloudbranch/signalling/signal_message.h"

/// What a terminal hears on its assist's line.
namespace guichet::signalling {

/// How the assist stands, whenever that has changed.
struct AssistNews {
    std::string id;
    std::string caseId = {};
    std::int64_t version = 0;
    AssistState state = AssistState::Waiting;
    Mode mode = Mode::Text;
    std::optional<int> ahead = {};                 ///< of one that waits: so many come first
    std::optional<std::chrono::seconds> wait = {}; ///< nothing while one waits: nobody can help
    std::string seat = {};                         ///< who answers, as customers see it
    std::string outcome = {};                      ///< why it ended
    nlohmann::json ice = nlohmann::json::object(); ///< relays of the call, with credentials

    [[nodiscard]] bool operator==(const AssistNews&) const = default;
};

/// Something that was said before and is part of the case.
struct CaseLine {
    bool own = false; ///< the terminal said it
    Signal signal;
};

/// The hub has it on its disk.
struct KeptNews {
    SignalType type;
    nlohmann::json body;
};

/// The hub did not do what was said.
struct RefusedNews {
    Errc code;
    std::string detail;
};

/// A signal here is what the seat has just said.
using HubMessage = std::variant<AssistNews, std::vector<CaseLine>, KeptNews, RefusedNews, Signal>;

/// Reads a message of the hub. Fails as parseSignal(). Pure.
[[nodiscard]] Result<HubMessage> parseHubMessage(std::string_view text);

} // namespace guichet::signalling
