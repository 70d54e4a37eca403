// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>

#include "peripherals/classes/card_channel.h"

/// A reader that cards are put into and taken out of.
namespace guichet {

enum class CardPresence {
    Absent,
    Present,
    Mute, ///< something is there and does not answer: wrong way round, or dead
};

struct CardState {
    CardPresence presence = CardPresence::Absent;
    /// Counts insertions and removals: two states with different counts are different cards, even
    /// if both say Present.
    std::uint32_t changes = 0;

    [[nodiscard]] bool operator==(const CardState&) const = default;
};

/// Thread: bound to the thread of its device; no function is safe from two threads.
class CardReader {
public:
    virtual ~CardReader() = default;

    /// Where the reader is known by this name to people and in configuration.
    [[nodiscard]] virtual std::string_view name() const = 0;

    /// The state now. Errc::Disconnected with ReconnectCable: the reader or its service is away;
    /// asking again finds it when it is back.
    [[nodiscard]] virtual Result<CardState> state() = 0;

    /// Waits until the state differs from `known` and returns the new one; `known` itself is
    /// returned when the time is up. A service or reader that is away is waited for as well, and
    /// reported as Errc::Disconnected only when the time is up. Errc::Cancelled: stopped.
    [[nodiscard]] virtual Result<CardState> waitForChange(CardState known, std::stop_token stop,
                                                          std::chrono::milliseconds timeout) = 0;

    /// Powers the card up and owns it. Errc::NotFound with InsertCard: no card. Errc::Protocol
    /// with ReinsertCard: the card is mute. Errc::Busy with CallStaff: another program holds it.
    [[nodiscard]] virtual Result<std::unique_ptr<CardChannel>> connect() = 0;

    /// Waits for a card, present or mute. Errc::Timeout with InsertCard, else as waitForChange.
    [[nodiscard]] Result<CardState> waitForInsertion(std::stop_token stop,
                                                     std::chrono::milliseconds timeout);
    /// Waits for the empty slot. Errc::Timeout with RemoveCard, else as waitForChange.
    [[nodiscard]] Result<CardState> waitForRemoval(std::stop_token stop,
                                                   std::chrono::milliseconds timeout);
};

[[nodiscard]] std::string_view name(CardPresence presence);

} // namespace guichet
