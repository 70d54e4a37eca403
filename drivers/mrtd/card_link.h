// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include "drivers/mrtd/secure_messaging.h"
#include "peripherals/classes/apdu_exchange.h"

namespace guichet::mrtd {

/// Random bytes; from the operating system but in tests of worked examples.
using RandomSource = std::function<Bytes(std::size_t)>;

/// An ApduExchange as chips want it, secured once a session is open. Borrows the channel. Thread:
/// the channel's.
class CardLink {
public:
    CardLink(CardChannel& channel, std::chrono::milliseconds timeout, std::stop_token stop = {});

    /// Errc::Disconnected with ReinsertCard: torn out. Errc::Cancelled. Errc::Protocol: a chip that
    /// keeps asking for more, or no status word. Errc::Denied: the secured session broke; then
    /// nothing more is sent, neither secured nor plain.
    [[nodiscard]] Result<CardAnswer> exchange(const Command& command);

    /// From now on everything is secured with these keys; a session before is over.
    void secure(SecureMessaging session);
    [[nodiscard]] bool secured() const { return m_session.has_value(); }

private:
    ApduExchange m_exchange;
    std::optional<SecureMessaging> m_session;
    bool m_broken = false;
};

} // namespace guichet::mrtd
