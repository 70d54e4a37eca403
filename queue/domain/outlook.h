// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "queue/domain/line.h"
#include "queue/domain/prediction.h"
#include "queue/domain/settings.h"

namespace guichet::queue::domain {

/// What a customer who waits is told.
struct Outlook {
    std::size_t ahead = 0;
    WaitRange wait = {};
};

/// Who works now.
struct Staffing {
    std::size_t sessions = 0; ///< open ones
    std::size_t busy = 0;     ///< with a called or served visit
};

/// Who would be called before that place in that line, by the work profile "default", and how long
/// that takes.
[[nodiscard]] Outlook outlookAt(const Place& place, const std::string& service,
                                const std::string& line, const Lines& lines,
                                const BranchSettings& settings, const Staffing& staffing);

} // namespace guichet::queue::domain
