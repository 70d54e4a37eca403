// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "peripherals/base/secret.h"
#include "peripherals/classes/card_channel.h"

namespace guichet {

/// A card's whole answer, with its status word behind. Two bytes at least.
using RawAnswer = Secret<Bytes>;
[[nodiscard]] std::uint16_t statusOf(const RawAnswer& answer);
/// Without the status word; a view into the answer.
[[nodiscard]] ByteView dataOf(const RawAnswer& answer);

struct ExchangeRules {
    std::chrono::milliseconds timeout{5000};
    /// A command with data that is refused for its length (6700) is sent once more without Le.
    bool retryWithoutLength = false;
    std::stop_token stop = {};
};

/// Whole commands over a channel: follows 61xx (more to fetch) and 6Cxx (other length wanted), so
/// that nobody above sees them. Borrows the channel. Thread: the channel's.
class ApduExchange {
public:
    ApduExchange(CardChannel& channel, ExchangeRules rules);

    /// `most`: bytes of answer that `command` may bring. Errc::Disconnected with ReinsertCard: torn
    /// out. Errc::Protocol with ReinsertCard: a card that keeps asking for more, or an answer
    /// without status word. Errc::Cancelled. Every other copy of the answer is wiped.
    [[nodiscard]] Result<RawAnswer> perform(ByteView command, std::size_t most = 256);

private:
    [[nodiscard]] Result<RawAnswer> once(ByteView command);

    CardChannel& m_channel;
    ExchangeRules m_rules;
};

} // namespace guichet
