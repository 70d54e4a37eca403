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
[[nodiscard]] Result<std::string> decodeAssistId(std::string_view json);

/// Of a check-in that succeeded: a visit, a form or both; neither fails.
[[nodiscard]] Result<CheckIn> decodeCheckIn(std::string_view json);

/// Of a problem document (RFC 9457) with the members "service" and "from".
[[nodiscard]] Result<CheckIn> decodeCheckInRefusal(std::string_view json);

/// True for the problem codes that speak of the customer's code, and not of the request.
[[nodiscard]] bool isCheckInRefusal(std::string_view code);

} // namespace guichet::queue
