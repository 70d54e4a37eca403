// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

namespace guichet::transport {

/// How frames are spread over a device's pipes; Automatic: split where there are two pairs.
enum class UsbFraming { Automatic, Plain, Split };

struct UsbId {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    [[nodiscard]] bool operator==(const UsbId&) const = default;
};

/// Which device on the bus is meant.
struct UsbAddress {
    std::optional<UsbId> id; ///< none: any receipt printer
    UsbFraming framing = UsbFraming::Automatic;
    std::string serial; ///< empty: any
    std::string path;   ///< bus and ports as in sysfs, "1-2.4"; empty: any
    [[nodiscard]] bool operator==(const UsbAddress&) const = default;
};

/// Reads "0400:c35a" or "printer", optionally "+plain" or "+split", optionally "@SERIAL" or
/// "@BUS-PORT.PORT" to tell equal devices apart: "0400:c35a+split@1-2.4". What looks like a path
/// is one. Errc::Invalid says what was wanted.
[[nodiscard]] Result<UsbAddress> parseUsbAddress(std::string_view text);

/// "usb 0400:c35a", "usb printer@1-2.4": for the log.
[[nodiscard]] std::string describe(const UsbAddress& address);

} // namespace guichet::transport
