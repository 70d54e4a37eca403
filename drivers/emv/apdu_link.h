// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "peripherals/base/secret.h"
#include "peripherals/classes/card_channel.h"

namespace guichet::emv {

using SecretBytes = Secret<Bytes>;

struct CardAnswer {
    SecretBytes data;
    std::uint16_t status = 0;

    [[nodiscard]] bool ok() const { return status == 0x9000; }
};

/// Whole commands over a channel: follows 61xx (more to fetch) and 6Cxx (other length wanted), so
/// that nobody above sees them. Borrows the channel. Thread: the channel's.
class ApduLink {
public:
    ApduLink(CardChannel& channel, std::chrono::milliseconds timeout)
        : m_channel(channel)
        , m_timeout(timeout)
    {
    }

    /// Errc::Disconnected with ReinsertCard: torn out. Errc::Protocol: a card that keeps asking
    /// for more, or an answer without status words. Every copy of the answer is wiped.
    [[nodiscard]] Result<CardAnswer> exchange(ByteView command);

private:
    Result<CardAnswer> once(ByteView command);

    CardChannel& m_channel;
    std::chrono::milliseconds m_timeout;
};

} // namespace guichet::emv
