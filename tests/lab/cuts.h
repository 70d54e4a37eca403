// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "tests/lab/usb_emulator.h"

namespace guichet::lab {

enum class Direction { ToDevice, FromDevice };

/// Where a cable is pulled: when so many bytes of a command have passed.
struct Cut {
    Direction direction;
    std::size_t after;
};

/// Cuts of a command that moves so many bytes: at its first and last two in each direction, and at
/// about `most` places between.
[[nodiscard]] inline std::vector<Cut> cutsOf(const UsbTraffic& whole, std::size_t most)
{
    std::vector<Cut> cuts;
    for (const auto& [direction, bytes] :
         {std::pair(Direction::ToDevice, whole.out), std::pair(Direction::FromDevice, whole.in)}) {
        std::set<std::size_t> places{0, 1, bytes - std::min<std::size_t>(bytes, 1), bytes};
        for (std::size_t at = 0; at < bytes; at += std::max<std::size_t>(1, bytes / most)) {
            places.insert(at);
        }
        for (const auto place : places) {
            cuts.push_back({direction, place});
        }
    }
    return cuts;
}

inline void arm(PluggedUsb& cable, const Cut& cut)
{
    if (cut.direction == Direction::ToDevice) {
        cable.pullAfterOut(cut.after);
    } else {
        cable.pullAfterIn(cut.after);
    }
}

[[nodiscard]] inline UsbTraffic operator-(const UsbTraffic& end, const UsbTraffic& begin)
{
    return {end.out - begin.out, end.in - begin.in};
}

} // namespace guichet::lab
