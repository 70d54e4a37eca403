// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace guichet::virtualdevices {

/// What the sensors of the printer see.
struct PrinterSensors {
    bool paperOut = false;
    bool paperLow = false;
    bool coverOpen = false;
    bool offline = false; ///< taken off-line by the feed button
    bool jam = false;     ///< the cutter is stuck: recoverable by DLE ENQ

    [[nodiscard]] bool ready() const { return !paperOut && !coverOpen && !offline && !jam; }
    [[nodiscard]] bool operator==(const PrinterSensors&) const = default;
};

/// The answer to DLE EOT `page` (1 to 4).
[[nodiscard]] std::byte realTimeStatus(const PrinterSensors& sensors, std::uint8_t page);
/// The block of automatic status back.
[[nodiscard]] std::array<std::byte, 4> automaticStatus(const PrinterSensors& sensors);
/// The answer to GS r 1.
[[nodiscard]] std::byte paperStatus(const PrinterSensors& sensors);

} // namespace guichet::virtualdevices
