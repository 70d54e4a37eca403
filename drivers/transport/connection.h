// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "peripherals/classes/channel.h"

namespace guichet::transport {

/// How a device is connected, in words of its configuration:
///   "tcp:192.0.2.7:9100", "tcp:[2001:db8::7]:9100"
///   "serial:/dev/serial/by-path/..." at 115,200 baud, "serial:/dev/ttyS0@9600" at another speed
///   "usb:0400:c35a", "usb:printer", "usb:0400:c35a+split@1-2.4": see parseUsbAddress()
/// Returns what opens it, as openTcp() (within 2 s), openSerial() and openUsb() do. Errc::Invalid
/// says what was wanted; whether the device is there shows when it is opened.
[[nodiscard]] Result<ChannelOpener> planConnection(std::string_view text);

} // namespace guichet::transport
