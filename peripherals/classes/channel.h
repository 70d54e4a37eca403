// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "peripherals/base/bytes.h"

/// A two-way stream of bytes to a device, whatever carries it (TCP, USB, serial).
namespace guichet {

/// Thread: bound to the thread of its device; no function is safe from two threads.
class Channel {
public:
    virtual ~Channel() = default;

    /// Hands over as many of the bytes as are accepted before the timeout and returns how many;
    /// the count is exact, and never 0 unless `bytes` is empty. Errc::Timeout: not one byte was
    /// accepted. Errc::Disconnected: the device is gone, and so is this channel.
    [[nodiscard]] virtual Result<std::size_t> write(ByteView bytes,
                                                    std::chrono::milliseconds timeout) = 0;

    /// Returns what has arrived, 1 to `most` bytes, waiting for the first one at most `timeout`
    /// (0: do not wait). Errc::Timeout: nothing came. Errc::Disconnected: the device is gone.
    [[nodiscard]] virtual Result<Bytes> read(std::size_t most,
                                             std::chrono::milliseconds timeout) = 0;

    /// For the log: "tcp 127.0.0.1:9100".
    [[nodiscard]] virtual std::string_view name() const = 0;
};

/// Opens a fresh channel to the same device; a driver calls it again after a disconnect.
using ChannelOpener = std::function<Result<std::unique_ptr<Channel>>()>;

} // namespace guichet
