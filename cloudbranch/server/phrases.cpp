// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/phrases.h"

#include <chrono>

namespace guichet::hub {
namespace {

using namespace std::chrono_literals;

constexpr auto kWayBack = 5min;
constexpr auto kWorthLeaving = 10min;

} // namespace

std::string nameIn(const queue::domain::Names& names, const std::string& language)
{
    const auto found = names.find(language);
    if (found != names.end()) {
        return found->second;
    }
    return names.empty() ? std::string() : names.begin()->second;
}

std::string waitPhrase(const queue::domain::WaitRange& wait, const Words& words)
{
    const auto low = std::chrono::floor<std::chrono::minutes>(wait.low).count();
    const auto high = std::chrono::ceil<std::chrono::minutes>(wait.high).count();
    if (high == 0) {
        return words("wait.none");
    }
    return words(low == 0 ? "wait.upTo" : "wait.range",
                 {{"low", std::to_string(low)}, {"high", std::to_string(high)}});
}

std::string peoplePhrase(std::size_t waiting, const Words& words)
{
    return waiting == 0 ? words("people.0") : words("people", {{"n", std::to_string(waiting)}});
}

std::string minuteOf(Instant instant, const std::string& zone)
{
    return toRfc3339(instant, zone).substr(11, 5);
}

std::string secondOf(Instant instant, const std::string& zone)
{
    return toRfc3339(instant, zone).substr(11, 8);
}

std::optional<Instant> stepOutUntil(const queue::domain::WaitRange& wait, Instant now)
{
    using FiveMinutes = std::chrono::duration<std::int64_t, std::ratio<300>>;
    const Instant until = std::chrono::floor<FiveMinutes>(now + wait.low - kWayBack);
    return until - now >= kWorthLeaving ? std::optional(until) : std::nullopt;
}

} // namespace guichet::hub
