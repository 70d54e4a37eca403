// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "peripherals/base/bytes.h"

/// A powered smart card that answers one command at a time.
namespace guichet {

/// Owns the card exclusively while it lives; unpowers it when it goes.
/// Thread: bound to the thread of its reader; no function is safe from two threads.
class CardChannel {
public:
    virtual ~CardChannel() = default;

    /// Sends one command APDU and returns the whole answer with SW1 SW2 (2 bytes at least); status
    /// words are not judged and 61xx/6Cxx are passed up. Both directions may hold card data: the
    /// caller wipes what it keeps.
    /// Errc::Disconnected: the card was torn out (ReinsertCard) or reset by somebody (Retry), and
    /// every further call fails. Errc::Protocol: the answer is not an APDU.
    /// A PC/SC card that never answers blocks past `timeout` (PC/SC cannot cancel a transmission):
    /// then the watcher of the helper process ends it. Other carriers return Errc::Timeout.
    [[nodiscard]] virtual Result<Bytes> transmit(ByteView command,
                                                 std::chrono::milliseconds timeout) = 0;

    /// The answer to reset of this power-up.
    [[nodiscard]] virtual ByteView atr() const = 0;

    /// Warm reset: the card forgets selections and keys. Fails like transmit.
    [[nodiscard]] virtual Result<void> reset() = 0;

    /// Cuts the power and lets the card go; every further call fails with Errc::Disconnected.
    virtual void powerOff() = 0;
};

} // namespace guichet
