// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "drivers/transport/usb_address.h"
#include "peripherals/classes/channel.h"

namespace guichet::transport {

/// What a printer says on the control pipe, also while it takes no data (USB Printer Class 1.1,
/// 4.2.2). ESC/POS knows more; this is for printers whose data pipe is stuck.
struct UsbPortStatus {
    bool paperEmpty = false;
    bool selected = false;
    bool error = false;
    [[nodiscard]] bool operator==(const UsbPortStatus&) const = default;
};

/// A channel over bulk pipes. Bytes that the kernel has taken when the cable is pulled count as
/// accepted: nobody can know how far they came; the next call says Disconnected. Errc::Protocol
/// with Retry: the device stalls the pipe. Cannot be interrupted within a timeout.
class UsbChannel : public Channel {
public:
    /// Errc::Unsupported: not of the printer class. Errc::Disconnected, Errc::Timeout.
    [[nodiscard]] virtual Result<UsbPortStatus> portStatus() = 0;
    /// IEEE 1284 device id, "MFG:...;MDL:...;CMD:...;". Errors as portStatus().
    [[nodiscard]] virtual Result<std::string> deviceId() = 0;
};

/// Finds and claims the device, also from a kernel driver, which gets it back in the end. What
/// came before is thrown away.
/// Errc::Disconnected with ReconnectCable: it is not there. With CallStaff, Errc::Conflict:
/// several are there; Errc::Denied: not allowed, and what rule is missing; Errc::Busy: another
/// program holds it; Errc::Unsupported: it has no such pipes.
[[nodiscard]] Result<std::unique_ptr<UsbChannel>> openUsb(const UsbAddress& address);

} // namespace guichet::transport
