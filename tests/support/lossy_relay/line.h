// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string_view>

#include "peripherals/base/clock.h"

namespace guichet::test {

/// How bad a line is, each way for itself.
struct LineFaults {
    double lossPct = 0;                       ///< of packets, at random
    std::chrono::microseconds delay{};        ///< of each packet
    std::chrono::microseconds jitter{};       ///< at most so much more, without overtaking
    double bps = 0;                           ///< bits a second; 0: no bound
    std::chrono::microseconds queue{300'000}; ///< what would wait longer for its turn is dropped
    bool cut = false;                         ///< nothing passes

    [[nodiscard]] bool operator==(const LineFaults&) const = default;
};

/// "loss=30 delay=20 jitter=5 kbps=400 queue=300 cut=1", in % and ms; what is not named is 0, the
/// queue 300 ms. Errc::Invalid names the word that is none.
[[nodiscard]] Result<LineFaults> parseLineFaults(std::string_view text);

/// One direction of a bad line, by the clock of its caller. Pure; the same seed and the same
/// packets end alike.
class Line {
public:
    explicit Line(unsigned seed)
        : m_random(seed)
    {
    }

    void set(const LineFaults& faults) { m_faults = faults; }
    /// When a packet that enters at `now`, not earlier than the one before, comes out; not at all
    /// if it is lost.
    [[nodiscard]] std::optional<Ticks> pass(Ticks now, std::size_t bytes);

private:
    LineFaults m_faults;
    std::mt19937 m_random;
    Ticks m_free;    ///< when the narrow place has sent what waits before it
    Ticks m_lastOut; ///< packets do not overtake each other
};

} // namespace guichet::test
