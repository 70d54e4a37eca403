// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "drivers/residentid/identity_text.h"
#include "drivers/residentid/sdt_protocol.h"
#include "peripherals/base/clock.h"
#include "peripherals/classes/channel.h"

namespace guichet::residentid {

struct ResidentCard {
    ResidentIdentity identity;
    Secret<std::string> newAddress; ///< written onto the card later; empty: none
    Secret<Bytes> photo;            ///< in WLT compression, which only makers' libraries decode
};

/// How patient the reader is with its device; the defaults suit readers at 115,200 baud.
struct ReaderPace {
    std::chrono::milliseconds find{800};
    std::chrono::milliseconds select{800};
    std::chrono::milliseconds read{3'000};
    std::chrono::milliseconds poll{300}; ///< between two looks for a card
    int attempts = 3;                    ///< at a card that moved
};

/// Reads cards through a reader with its own security module. A card that was read is not found
/// again until it was taken away, so each card is read once. Thread: bound to its device's.
class ResidentReader {
public:
    ResidentReader(ChannelOpener open, const Clock& clock, ReaderPace pace = {});
    ~ResidentReader();
    ResidentReader(const ResidentReader&) = delete;
    ResidentReader& operator=(const ResidentReader&) = delete;

    /// Whether the security module works, and which one it is. Errc::Disconnected or Timeout with
    /// ReconnectCable; Errc::Denied with CallStaff: it is not authorised any more.
    [[nodiscard]] Result<std::string> samNumber();

    /// Waits for a card and reads it; `found` hears when one is there. Errc::Timeout with
    /// InsertCard; Errc::Cancelled; Errc::Disconnected with ReinsertCard: it moved each time;
    /// Errc::Unsupported with RemoveCard; else as samNumber().
    [[nodiscard]] Result<ResidentCard> read(const std::stop_token& stop,
                                            std::chrono::milliseconds timeout,
                                            const std::function<void()>& found = {});

private:
    [[nodiscard]] Result<SdtAnswer> exchange(SdtCommand command, std::string_view step,
                                             std::chrono::milliseconds timeout);
    [[nodiscard]] Result<SdtAnswer> demand(SdtCommand command, std::string_view step,
                                           std::chrono::milliseconds timeout);
    [[nodiscard]] Result<void> ready();
    [[nodiscard]] Result<SdtAnswer> answer(std::string_view step,
                                           std::chrono::milliseconds timeout);
    /// Reads and forgets for `time`: what a late answer left in the pipe is not the next one's.
    [[nodiscard]] Result<void> drain(std::chrono::milliseconds time);
    [[nodiscard]] Result<void> waitForCard(const std::stop_token& stop, Ticks end);
    [[nodiscard]] Result<ResidentCard> readFound();

    ChannelOpener m_open;
    const Clock& m_clock;
    ReaderPace m_pace;
    std::unique_ptr<Channel> m_channel;
    SdtDecoder m_decoder;
};

} // namespace guichet::residentid
