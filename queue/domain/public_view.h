// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "queue/domain/business_day.h"
#include "queue/domain/prediction.h"

namespace guichet::queue::domain {

/// One announcement.
struct Call {
    std::uint64_t position = 0;
    std::string ticket = {};
    std::string counter = {};
    bool recall = false;
    Instant at{};
};

struct ServiceStatus {
    std::string id = {};
    std::size_t waiting = 0;
    std::size_t serving = 0; ///< called ones included
    bool open = false;
    WaitRange wait = {}; ///< of somebody who takes a number now
};

/// What everybody may know.
struct PublicView {
    Instant asOf{};
    std::uint64_t position = 0;
    BusinessDay day = {};
    std::vector<ServiceStatus> services = {};
    std::deque<Call> calls = {};
    std::size_t openSessions = 0;
    std::array<std::size_t, 10> visits = {}; ///< by VisitState
};

} // namespace guichet::queue::domain
