// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <libusb-1.0/libusb.h>

#include "drivers/transport/usb_pipes.h"
#include "peripherals/base/unique_handle.h"

/// A device found on the bus and claimed for ourselves. Only for the sources of this folder.
namespace guichet::transport {

using UsbContext = UniqueHandle<libusb_context*, libusb_exit, nullptr>;
using UsbHandle = UniqueHandle<libusb_device_handle*, libusb_close, nullptr>;

/// Gives an interface back, to the kernel's driver if it was taken from one.
struct ReleaseInterface {
    int number = 0;
    void operator()(libusb_device_handle* handle) const
    {
        libusb_release_interface(handle, number);
    }
};
using UsbClaim = std::unique_ptr<libusb_device_handle, ReleaseInterface>;

struct UsbDevice {
    UsbContext context; ///< one each: its events are this channel's alone
    UsbHandle handle;
    UsbClaim claim; ///< goes before the handle
    UsbPipes pipes;
    std::string name; ///< with its path: "usb 0400:c35a@1-2.4"
};

/// Takes the interface from a kernel driver if one holds it. Errors as openUsb().
[[nodiscard]] Result<UsbDevice> claimUsb(const UsbAddress& address);

} // namespace guichet::transport
