// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "peripherals/classes/card_reader.h"

namespace guichet::host {

/// The card reader of another vendor's XFS4IoT service: cards are accepted with ReadRawData, their
/// chips asked with ChipIO. Reconnects by itself; while the service is away every call fails with
/// Errc::Disconnected and ReconnectCable.
class XfsCardReader final : public CardReader {
public:
    /// "ws://192.0.2.9:5846/xfs4iot/v1.0/cardreader". Fails with Errc::Invalid for another scheme.
    [[nodiscard]] static Result<std::unique_ptr<XfsCardReader>> open(std::string service);
    ~XfsCardReader() override;

    [[nodiscard]] std::string_view name() const override;
    /// What is inside. A card that waits in front of a closed shutter is not: only waitForChange
    /// lets it in.
    [[nodiscard]] Result<CardState> state() override;
    /// Accepts a card while none is known to be there; what is begun so goes on over several calls
    /// until the state is asked for or `stop` comes.
    [[nodiscard]] Result<CardState> waitForChange(CardState known, std::stop_token stop,
                                                  std::chrono::milliseconds timeout) override;
    [[nodiscard]] Result<std::unique_ptr<CardChannel>> connect() override;

private:
    class Link;
    explicit XfsCardReader(std::shared_ptr<Link> link);
    std::shared_ptr<Link> m_link; ///< shared with the channel of the card inside
};

/// The word for ChipIO's chipProtocol, of those that `cardReader` (the member of the capabilities)
/// offers: what needs no choice, else what the answer to reset or the antenna says.
[[nodiscard]] std::string chipProtocol(const nlohmann::json& cardReader, ByteView atr);

/// The answer to reset in the payload of ReadRawData or ChipPower, of any version of the standard;
/// empty if there is none that is good.
[[nodiscard]] Bytes answerToReset(const nlohmann::json& payload);

} // namespace guichet::host
