// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "peripherals/classes/channel.h"

namespace guichet::transport {

/// Connects to a device by its numeric address ("192.0.2.7", "::1"): a device's name would make us
/// wait for a name server. Data that the device does not acknowledge for five seconds, and a
/// device that lost power while we were silent, end the channel.
/// Errc::Invalid: not an address. Errc::Timeout or Errc::Disconnected with ReconnectCable: it does
/// not answer, or refuses (most printers serve one host at a time).
[[nodiscard]] Result<std::unique_ptr<Channel>>
openTcp(const std::string& address, std::uint16_t port, std::chrono::milliseconds timeout);

} // namespace guichet::transport
