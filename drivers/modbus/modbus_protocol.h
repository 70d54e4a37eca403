// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "peripherals/base/bytes.h"

/// Modbus, the four functions that lamps and switches need: bytes to values and back. No I/O.
/// Sources: MODBUS Application Protocol 1.1b3 (6.1, 6.2, 6.11, 7), Messaging on TCP/IP 1.0b (3.1),
/// Serial Line 1.02 (2.5.1).
namespace guichet::modbus {

enum class Function : std::uint8_t {
    ReadCoils = 1,
    ReadDiscreteInputs = 2,
    WriteMultipleCoils = 15,
};

/// How frames are told apart on the line.
enum class Framing {
    Tcp, ///< a header with transaction and length
    Rtu, ///< a CRC at the end; on serial lines
};

/// What the board says no with.
enum class Refusal : std::uint8_t {
    IllegalFunction = 1,
    IllegalAddress = 2,
    IllegalValue = 3,
    DeviceFailure = 4,
    Busy = 6,
    Other = 0,
};

struct Request {
    std::uint16_t transaction = 0; ///< RTU has none
    std::uint8_t unit = 1;
    Function function = Function::ReadCoils;
    std::uint16_t first = 0;
    std::vector<bool> bits; ///< to be written; for reading only their number counts, 1 to 2000
};

[[nodiscard]] Bytes encode(const Request& request, Framing framing);

struct Answer {
    std::optional<Refusal> refusal;
    std::vector<bool> bits; ///< as many as were asked for; empty after writing
};

/// Looks for the answer to `request` at the beginning of what came. Nothing: it is not whole yet.
/// `used` says how many bytes it took. An answer to another transaction is taken and left out, by
/// looking on. Errc::Protocol: what came is no answer to this request (wrong unit, function, length
/// or CRC).
[[nodiscard]] Result<std::optional<Answer>> decode(ByteView came, const Request& request,
                                                   Framing framing, std::size_t& used);

/// CRC-16/MODBUS, low byte first on the line.
[[nodiscard]] std::uint16_t crc(ByteView bytes);

} // namespace guichet::modbus
