// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "queue/api/staff.h"
#include "queue/api/terminals.h"

namespace guichet::hub {

/// What commands at the hub's own machine work with; all of it outlives the call.
struct CommandAccess {
    queue::api::Staff& staff;
    queue::api::Terminals* terminals; ///< null: the outlet has no authority
    std::string branch;
    std::string zone;
};

/// Performs one command, a JSON object with "do" and what that wants:
///   enrol-code {terminal} → {code, expires} · revoke {terminal} · terminals → {terminals: [...]} ·
///   staff-add {user, role, password} · staff-password {user, password} · staff-totp {user} → {uri}
///   · staff-list → {staff: [...]}
/// Answers one JSON object on one line; with "error" if the command was refused. Thread-safe.
[[nodiscard]] std::string performCommand(const CommandAccess& access, std::string_view line);

} // namespace guichet::hub
