// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

namespace guichet::queue::domain {

struct WaitRange {
    std::chrono::seconds low{0};
    std::chrono::seconds likely{0};
    std::chrono::seconds high{0};

    [[nodiscard]] bool operator==(const WaitRange&) const = default;
};

/// Those of one service who will be called before the customer in question.
struct WorkAhead {
    std::size_t visits = 0;
    std::chrono::seconds meanService{0};
};

/// The wait of a customer by queue length: the work ahead, and the service that has to end first,
/// shared by the counters. No open counter counts as one; a counter that is free for this customer
/// gives zero. Low and high are rounded outward to five minutes, likely to a minute.
[[nodiscard]] WaitRange predictWait(std::span<const WorkAhead> ahead, std::size_t openCounters,
                                    std::size_t busyCounters);

} // namespace guichet::queue::domain
