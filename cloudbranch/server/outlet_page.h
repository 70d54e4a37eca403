// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "queue/domain/branch.h"

namespace guichet::hub {

/// What the outlets' pages show of one.
struct OutletView {
    const queue::domain::BranchSettings& branch;
    const queue::domain::PublicView& queue;
    Instant now{};
    std::string key = {};  ///< of the number that the page's form takes, so that it is taken once
    std::string note = {}; ///< key of what the customer's last step led to
};

/// "/": the outlets that this hub serves, with how many wait.
[[nodiscard]] std::string outletsPage(const OutletView& view, const std::string& language);
/// "/o/<branch>": how long the wait is for each service, who was called, and the ways in.
[[nodiscard]] std::string outletPage(const OutletView& view, const std::string& language);

} // namespace guichet::hub
