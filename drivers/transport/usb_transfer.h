// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "drivers/transport/usb_device.h"

namespace guichet::transport {

enum class UsbEnd { Completed, TimedOut, Stalled, Overflowed, Gone };

struct UsbMoved {
    UsbEnd end = UsbEnd::Gone;
    std::size_t count = 0;
    bool started = false; ///< the kernel took it: if the device is gone, `count` may be too low
};

/// One bulk transfer over `endpoint`, in its direction; waits for its end at most `timeout`.
[[nodiscard]] UsbMoved transfer(const UsbDevice& device, std::uint8_t endpoint,
                                std::span<std::byte> bytes, std::chrono::milliseconds timeout);

} // namespace guichet::transport
