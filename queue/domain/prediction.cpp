// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/prediction.h"

#include <algorithm>
#include <cmath>

namespace guichet::queue::domain {
namespace {

constexpr double kOptimistic = 0.6;
constexpr double kPessimistic = 1.5;
constexpr double kStep = 300.0;

std::chrono::seconds whole(double seconds)
{
    return std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

} // namespace

WaitRange predictWait(std::span<const WorkAhead> ahead, std::size_t openCounters,
                      std::size_t busyCounters)
{
    double work = 0;
    double means = 0;
    std::size_t visits = 0;
    std::size_t services = 0;
    for (const auto& part : ahead) {
        const auto mean = static_cast<double>(part.meanService.count());
        work += static_cast<double>(part.visits) * mean;
        means += mean;
        visits += part.visits;
        ++services;
    }
    const auto idle = openCounters - std::min(openCounters, busyCounters);
    if (visits < idle || services == 0) {
        return {};
    }
    const double typical = means / static_cast<double>(services);
    const auto counters = static_cast<double>(std::max<std::size_t>(openCounters, 1));
    const double likely = (work + typical) / counters;
    return {whole(std::floor(likely * kOptimistic / kStep) * kStep),
            whole(std::round(likely / 60.0) * 60.0),
            whole(std::ceil(likely * kPessimistic / kStep) * kStep)};
}

} // namespace guichet::queue::domain
