// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "drivers/modbus/modbus_protocol.h"
#include "peripherals/base/clock.h"
#include "peripherals/classes/channel.h"

namespace guichet::modbus {

/// A remote I/O unit: switches as discrete inputs, lamps as coils. Opens its channel when needed
/// and again after a failure. Thread: bound to its device's.
class IoBoard {
public:
    /// The clock must outlive it.
    IoBoard(ChannelOpener open, Framing framing, std::uint8_t unit, const Clock& clock);
    ~IoBoard();
    IoBoard(const IoBoard&) = delete;
    IoBoard& operator=(const IoBoard&) = delete;

    /// Inputs 0 to count - 1; 1 to 2000 of them. Asks twice before it gives up. Errc::Disconnected
    /// or Timeout with ReconnectCable; Errc::Invalid with CallStaff: the board has not so many;
    /// Errc::Protocol.
    [[nodiscard]] Result<std::vector<bool>> readInputs(std::size_t count);
    /// Coils 0 to size - 1, all at once. Fails as readInputs().
    [[nodiscard]] Result<void> writeCoils(const std::vector<bool>& coils);

private:
    [[nodiscard]] Result<Answer> perform(Request request);
    [[nodiscard]] Result<Answer> exchange(const Request& request);
    [[nodiscard]] Result<void> send(ByteView bytes);

    ChannelOpener m_open;
    Framing m_framing;
    std::uint8_t m_unit;
    const Clock& m_clock;
    std::unique_ptr<Channel> m_channel;
    std::uint16_t m_transaction = 0;
};

} // namespace guichet::modbus
