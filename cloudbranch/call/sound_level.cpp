// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/sound_level.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace guichet::call {

double levelDb(std::span<const std::int16_t> samples)
{
    constexpr double kLoudest = std::numeric_limits<std::int16_t>::max();
    double power = 0;
    for (const auto sample : samples) {
        const auto part = sample / kLoudest;
        power += part * part;
    }
    if (samples.empty() || power <= 0) {
        return kSilenceDb;
    }
    return std::max(kSilenceDb, 10 * std::log10(power / static_cast<double>(samples.size())));
}

} // namespace guichet::call
