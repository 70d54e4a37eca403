// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/config.h"

namespace guichet::host {

/// What an engineer may do at the terminal, the least first.
enum class AccessLevel { Basic, Intermediate, Full };
inline constexpr std::array kAccessLevels{AccessLevel::Basic, AccessLevel::Intermediate,
                                          AccessLevel::Full};
/// "basic"
[[nodiscard]] std::string_view name(AccessLevel level);

inline constexpr std::string_view kVendorApplicationTable = "vendorapplication";

/// The vendor's program at the terminal. What a level may do is in the command that it has.
struct VendorApplication {
    std::string name = "diagnostics";
    std::array<std::vector<std::string>, kAccessLevels.size()> commands = {}; ///< by level

    /// The program's path and its arguments; empty: this level is not to be had.
    [[nodiscard]] const std::vector<std::string>& command(AccessLevel level) const
    {
        return commands.at(static_cast<std::size_t>(level));
    }
};

/// Reads the table of devices.toml and refuses there what is wrong; nothing without a table.
[[nodiscard]] std::optional<VendorApplication> readVendorApplication(ConfigFile& file);

} // namespace guichet::host
