// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/usb_transfer.h"

#include <algorithm>
#include <new>

namespace guichet::transport {
namespace {

using Milliseconds = std::chrono::milliseconds;
using Transfer = UniqueHandle<libusb_transfer*, libusb_free_transfer, nullptr>;

void LIBUSB_CALL finished(libusb_transfer* transfer)
{
    *static_cast<int*>(transfer->user_data) = 1;
}

UsbEnd endOf(libusb_transfer_status status)
{
    switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
        return UsbEnd::Completed;
    case LIBUSB_TRANSFER_TIMED_OUT:
    case LIBUSB_TRANSFER_CANCELLED:
        return UsbEnd::TimedOut;
    case LIBUSB_TRANSFER_STALL:
        return UsbEnd::Stalled;
    case LIBUSB_TRANSFER_OVERFLOW:
        return UsbEnd::Overflowed;
    default: // errors on the line come first when a cable is pulled
        return UsbEnd::Gone;
    }
}

} // namespace

UsbMoved transfer(const UsbDevice& device, std::uint8_t endpoint, std::span<std::byte> bytes,
                  Milliseconds timeout)
{
    const Transfer owned(libusb_alloc_transfer(0));
    if (!owned) {
        throw std::bad_alloc();
    }
    auto* const request = owned.get();
    int done = 0;
    const auto patience = std::clamp(timeout, Milliseconds(1), Milliseconds(std::chrono::hours(1)));
    libusb_fill_bulk_transfer(request, device.handle.get(), endpoint,
                              reinterpret_cast<unsigned char*>(bytes.data()),
                              static_cast<int>(bytes.size()), finished, &done,
                              static_cast<unsigned>(patience.count())); // 0 would be for ever
    if (libusb_submit_transfer(request) != 0) {
        return {};
    }
    while (done == 0) { // also after an error: the kernel holds the bytes until it says so
        (void)libusb_handle_events_completed(device.context.get(), &done);
    }
    return {endOf(request->status), static_cast<std::size_t>(request->actual_length), true};
}

} // namespace guichet::transport
