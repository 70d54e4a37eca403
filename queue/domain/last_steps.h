// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "queue/domain/visit.h"

namespace guichet::queue::domain {

/// What each member of staff did to a visit last, so that it can be taken back for a moment. Kept
/// in memory only: nobody corrects a slip after a restart.
class LastSteps {
public:
    /// The actor's step made of `before` what `after` is.
    void remember(const std::string& actor, Visit before, const Visit& after, Instant at);
    /// The visit as it was before the actor's last step. nullptr if that step was on another
    /// visit, longer ago than `within`, or not the last one anybody took on it.
    [[nodiscard]] const Visit* before(const std::string& actor, const Visit& now, Instant at,
                                      std::chrono::seconds within) const;
    void forget(const std::string& actor) { m_steps.erase(actor); }
    void clear() { m_steps.clear(); }

private:
    struct Step {
        Visit before;
        std::int64_t version = 0; ///< that it left
        Instant at{};
    };
    std::map<std::string, Step> m_steps; ///< by actor
};

} // namespace guichet::queue::domain
