// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/classes/channel.h"

namespace guichet::transport {

/// Opens a serial line ("/dev/ttyUSB0", better a name below /dev/serial/by-path) for ourselves: 8
/// data bits, no parity, 1 stop bit, no flow control, nothing translated. What came before is
/// thrown away. `baud` is one of 1200 to 115200 that UARTs have.
/// Errc::Invalid: no such speed, or not a serial line. Errc::Disconnected with ReconnectCable: it
/// is not there. Errc::Denied or Errc::Busy with CallStaff: not allowed, or held by another
/// program.
[[nodiscard]] Result<std::unique_ptr<Channel>> openSerial(const std::string& path, int baud);

} // namespace guichet::transport
