// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "queue/domain/business_day.h"
#include "queue/domain/command.h"
#include "queue/domain/sessions.h"
#include "queue/domain/settings.h"

namespace guichet::queue::domain {

/// What must hold before a step is taken. Each answers why not, or nothing. A view: lives no longer
/// than what it looks at.
class Guards {
public:
    Guards(const BranchSettings& settings, const BusinessDay& day, const Sessions& sessions)
        : m_settings(settings)
        , m_day(day)
        , m_sessions(sessions)
    {
    }

    /// May people take numbers for the service? nullptr: there is no such service.
    [[nodiscard]] std::optional<Refusal> service(const ServiceSettings* service) const;
    /// May the actor take a parked visit up? Any other visit passes.
    [[nodiscard]] std::optional<Refusal> parked(const Visit& visit, const Actor& actor) const;
    /// May a row of the table with that guard be taken?
    [[nodiscard]] std::optional<Refusal> row(Guard guard, const Visit& visit,
                                             const ChangeVisit& command, const Actor& actor,
                                             Moment moment) const;

private:
    [[nodiscard]] std::optional<Refusal> ownSession(const Visit& visit, const Actor& actor) const;

    const BranchSettings& m_settings;
    const BusinessDay& m_day;
    const Sessions& m_sessions;
};

} // namespace guichet::queue::domain
