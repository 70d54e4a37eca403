// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace guichet::call {

/// A second of the call in figures.
struct Quality {
    double fpsIn = 0; ///< decoded
    double fpsOut = 0;
    double kbpsIn = 0;
    double kbpsOut = 0;
    double lossPct = 0; ///< the worse of both directions
    double rttMs = 0;
    double jitterMs = 0;
    double concealedPct = 0; ///< of the sound that we play
};

/// Mean opinion score of the sound, 1 to 4.5, by a simplified E-model: an estimate. `bufferMs` is
/// the jitter buffer's.
[[nodiscard]] double mos(const Quality& quality, double bufferMs);

/// The member "figures" of the event, as JSON, with one decimal.
[[nodiscard]] std::string figures(const Quality& quality, double bufferMs);

} // namespace guichet::call
