// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/quality.h"

#include <algorithm>

#include <fmt/format.h>

namespace guichet::call {

double mos(const Quality& quality, double bufferMs)
{
    const double delay = quality.rttMs / 2 + 2 * quality.jitterMs + 10 + bufferMs;
    const double clear = delay < 160 ? 93.2 - delay / 40 : 93.2 - (delay - 120) / 10;
    const double r = std::clamp(clear - 2.5 * quality.concealedPct, 0.0, 100.0);
    return std::clamp(1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r), 1.0, 4.5);
}

std::string figures(const Quality& quality, double bufferMs)
{
    return fmt::format(R"({{"fpsIn":{:.1f},"fpsOut":{:.1f},"kbpsIn":{:.1f},"kbpsOut":{:.1f},)"
                       R"("lossPct":{:.1f},"rttMs":{:.1f},"jitterMs":{:.1f},)"
                       R"("concealedPct":{:.1f},"mos":{:.2f}}})",
                       quality.fpsIn, quality.fpsOut, quality.kbpsIn, quality.kbpsOut,
                       quality.lossPct, quality.rttMs, quality.jitterMs, quality.concealedPct,
                       mos(quality, bufferMs));
}

} // namespace guichet::call
