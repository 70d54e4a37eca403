// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "drivers/handscanner/scan_decoder.h"
#include "peripherals/base/clock.h"
#include "peripherals/classes/channel.h"

namespace guichet::handscanner {

/// A scanner that is held in the hand and sends what it reads by itself. Thread-bound.
class HandScanner {
public:
    /// The clock must outlive it.
    HandScanner(ChannelOpener open, std::unique_ptr<ScanDecoder> decoder, const Clock& clock);

    /// The next scan, as it was sent. Nothing: none has ended within `timeout`. Fails with
    /// Errc::Protocol (a damaged scan; the next call goes on) or as opening and reading a channel
    /// do; the next call opens it anew then.
    [[nodiscard]] Result<std::optional<std::string>> next(std::chrono::milliseconds timeout);
    /// What was scanned until now does not count. Fails as next() does.
    [[nodiscard]] Result<void> clear();

private:
    /// Feeds the decoder with what comes within `timeout`. False: nothing new is to be had.
    [[nodiscard]] Result<bool> receive(std::chrono::milliseconds timeout);

    ChannelOpener m_open;
    std::unique_ptr<ScanDecoder> m_decoder;
    const Clock& m_clock;
    std::unique_ptr<Channel> m_channel;
    Ticks m_lastByte{};
};

} // namespace guichet::handscanner
