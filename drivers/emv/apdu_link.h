// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "peripherals/base/secret.h"
#include "peripherals/classes/apdu_exchange.h"

namespace guichet::emv {

using SecretBytes = Secret<Bytes>;

struct CardAnswer {
    SecretBytes data;
    std::uint16_t status = 0;

    [[nodiscard]] bool ok() const { return status == 0x9000; }
};

/// An ApduExchange as bank cards want it. Borrows the channel. Thread: the channel's.
class ApduLink {
public:
    ApduLink(CardChannel& channel, std::chrono::milliseconds timeout)
        : m_exchange(channel, {.timeout = timeout, .retryWithoutLength = true})
    {
    }

    /// Fails as ApduExchange::perform.
    [[nodiscard]] Result<CardAnswer> exchange(ByteView command);

private:
    ApduExchange m_exchange;
};

} // namespace guichet::emv
