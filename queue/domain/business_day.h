// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "peripherals/base/clock.h"

namespace guichet::queue::domain {

struct BusinessDay {
    std::string label = {}; ///< local date; empty: there never was one
    bool open = false;
    Instant openedAt{};
    std::optional<Instant> closedAt = {};
};

} // namespace guichet::queue::domain
