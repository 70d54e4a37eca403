// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "peripherals/base/error.h"
#include "queue/client/client.h"

/// The hub's documents as values. Pure. Unknown members are ignored, for a newer hub may say more;
/// a missing or wrongly typed one fails with Errc::Protocol and its name.
namespace guichet::queue {

[[nodiscard]] Result<BranchInfo> decodeBranch(std::string_view json);
[[nodiscard]] Result<QueueStatus> decodeQueue(std::string_view json);
[[nodiscard]] Result<Visit> decodeVisit(std::string_view json);

} // namespace guichet::queue
