// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "peripherals/base/bytes.h"

/// What the terminal tells the seat's browser about the arrival of its packets. Pure.
namespace guichet::call {

/// A compound of RTCP (RFC 3550, 6.1) whose transport-wide feedback
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1) says of each lost packet that it came
/// together with the one before it. How the others' delay grows stays as it is, and so do the
/// receiver reports. Nothing: there is no such feedback in it, or none that was understood.
[[nodiscard]] std::optional<Bytes> withoutLosses(ByteView compound);

/// When losses are to be kept from the seat. A browser takes each loss for a narrow line and falls
/// to a rate at which there is no picture; below the rate that passes a line of 400 kbit/s only the
/// delay is to say that the line is narrow. Not thread-safe.
class LossPatience {
public:
    /// `bytes` came from the seat in all until `now`, which does not go back.
    [[nodiscard]] bool hides(std::uint64_t bytes, std::chrono::milliseconds now);

private:
    std::chrono::milliseconds m_since{0};
    std::uint64_t m_before = 0;
    bool m_hides = true;
};

} // namespace guichet::call
