// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace guichet::hub {

/// init, enrol-code, revoke, terminals and staff: what one does at the hub's own machine. Prints
/// and returns the exit status (0; 1: refused, in one line on stderr; 2: usage); nothing if the
/// first word is none of these. Passwords come from the terminal or standard input only.
[[nodiscard]] std::optional<int> runSubCommand(const std::vector<std::string>& words);

} // namespace guichet::hub
