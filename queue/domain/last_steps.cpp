// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/last_steps.h"

#include <utility>

namespace guichet::queue::domain {

void LastSteps::remember(const std::string& actor, Visit before, const Visit& after, Instant at)
{
    m_steps.insert_or_assign(actor, Step{std::move(before), after.version, at});
}

const Visit* LastSteps::before(const std::string& actor, const Visit& now, Instant at,
                               std::chrono::seconds within) const
{
    const auto found = m_steps.find(actor);
    if (found == m_steps.end()) {
        return nullptr;
    }
    const auto& step = found->second;
    const bool last =
        step.before.id == now.id && step.version == now.version && at - step.at <= within;
    return last ? &step.before : nullptr;
}

} // namespace guichet::queue::domain
