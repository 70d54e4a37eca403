// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/retention.h"

#include <algorithm>

namespace guichet::evidence {
namespace {

Instant monthsLater(Instant from, int months)
{
    const auto midnight = std::chrono::floor<std::chrono::days>(from);
    auto day = std::chrono::year_month_day(midnight) + std::chrono::months(months);
    if (!day.ok()) {
        day = day.year() / day.month() / std::chrono::last;
    }
    return Instant(std::chrono::sys_days(day)) + (from - midnight);
}

} // namespace

DeletionRuling mayDelete(const std::optional<Retention>& retention, Instant now)
{
    if (!retention || retention->months < 1) {
        return {.why = "it has no retention class"};
    }
    const auto& holds = retention->holds;
    const auto held = std::find_if(holds.begin(), holds.end(), [now](const LegalHold& hold) {
        return !hold.released || *hold.released > now;
    });
    if (held != holds.end()) {
        return {.why = "it is under legal hold " + held->id};
    }
    if (!retention->from) {
        return {.why = "its time has not begun to run: class " + retention->name +
                       " counts from a date that is not set"};
    }
    const auto earliest = monthsLater(*retention->from, retention->months);
    if (now < earliest) {
        return {.why = "class " + retention->name + " keeps it until " + toRfc3339(earliest),
                .earliest = earliest};
    }
    return {.allowed = true,
            .why = "class " + retention->name + " kept it until " + toRfc3339(earliest)};
}

Retention longer(const std::optional<Retention>& first, const Retention& second)
{
    if (!first) {
        return second;
    }
    const auto end = [](const Retention& retention) {
        return retention.from ? monthsLater(*retention.from, retention.months) : Instant::max();
    };
    const bool secondKeeps = end(second) > end(*first);
    auto kept = secondKeeps ? second : *first;
    for (const auto& hold : secondKeeps ? first->holds : second.holds) {
        if (std::find(kept.holds.begin(), kept.holds.end(), hold) == kept.holds.end()) {
            kept.holds.push_back(hold);
        }
    }
    return kept;
}

} // namespace guichet::evidence
