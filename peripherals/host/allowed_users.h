// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet::host {

/// The ids of the system's users with these names; without names, of whoever runs this program.
/// Fails with Errc::NotFound, naming the user that is not there.
[[nodiscard]] Result<std::vector<std::uint32_t>>
allowedUserIds(const std::vector<std::string>& names);

} // namespace guichet::host
