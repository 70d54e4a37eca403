// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

/// A browser that wants to hear of a visit. All of it inside Store::rewrite.
struct PushRow {
    std::string visit;
    std::string endpoint;
    std::string key;    ///< of the browser, base64url
    std::string secret; ///< of the browser, base64url
    std::string told;   ///< what it heard last: "soon", "called:1"; empty: nothing
};

/// Adds it, or replaces the keys of the same visit and endpoint.
[[nodiscard]] Result<void> putPush(Database& database, const std::string& branch,
                                   const PushRow& row);
[[nodiscard]] Result<std::vector<PushRow>> pushRows(Database& database, const std::string& branch);
[[nodiscard]] Result<void> tellPush(Database& database, const std::string& branch,
                                    const PushRow& row);
[[nodiscard]] Result<void> dropPush(Database& database, const std::string& branch,
                                    const PushRow& row);

} // namespace guichet::queue::storage
