// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/usb_device.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guichet::transport {
namespace {

using DeviceList =
    UniqueHandle<libusb_device**, [](libusb_device** list) { libusb_free_device_list(list, 1); },
                 nullptr>;
using Configuration =
    UniqueHandle<libusb_config_descriptor*, libusb_free_config_descriptor, nullptr>;

constexpr std::string_view kRules = "packaging/udev/70-guichet.rules";

tl::unexpected<Error> refused(const std::string& name, std::string_view step, int problem)
{
    const auto detail = fmt::format("{}: {}: {}", name, step, libusb_strerror(problem));
    switch (problem) {
    case LIBUSB_ERROR_ACCESS:
        return fail(
            Errc::Denied,
            fmt::format("{}; want a udev rule for it, as in {}, and its group", detail, kRules),
            Remedy::CallStaff);
    case LIBUSB_ERROR_BUSY:
        return fail(Errc::Busy, detail + "; another program holds it", Remedy::CallStaff);
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
    case LIBUSB_ERROR_IO:
    case LIBUSB_ERROR_PIPE:
    case LIBUSB_ERROR_TIMEOUT:
        return fail(Errc::Disconnected, detail, Remedy::ReconnectCable);
    default:
        return fail(Errc::Internal, detail, Remedy::CallStaff);
    }
}

std::string pathOf(libusb_device* device)
{
    constexpr std::size_t kDeepest = 7;
    std::array<std::uint8_t, kDeepest> ports{};
    const int count = libusb_get_port_numbers(device, ports.data(), static_cast<int>(ports.size()));
    std::string path = std::to_string(libusb_get_bus_number(device));
    for (int at = 0; at < count; ++at) {
        path += fmt::format("{}{}", at == 0 ? '-' : '.', ports[static_cast<std::size_t>(at)]);
    }
    return path;
}

std::vector<UsbInterface> interfacesOf(libusb_device* device)
{
    libusb_config_descriptor* active = nullptr;
    if (libusb_get_active_config_descriptor(device, &active) != 0) {
        return {};
    }
    const Configuration owned(active);
    std::vector<UsbInterface> interfaces;
    for (const auto& group : std::span(active->interface, active->bNumInterfaces)) {
        for (const auto& setting :
             std::span(group.altsetting, static_cast<std::size_t>(group.num_altsetting))) {
            UsbInterface interface {
                .number = setting.bInterfaceNumber, .alternate = setting.bAlternateSetting,
                .deviceClass = setting.bInterfaceClass, .subclass = setting.bInterfaceSubClass,
                .protocol = setting.bInterfaceProtocol
            };
            for (const auto& endpoint : std::span(setting.endpoint, setting.bNumEndpoints)) {
                interface.endpoints.push_back(
                    {endpoint.bEndpointAddress, endpoint.bmAttributes, endpoint.wMaxPacketSize});
            }
            interfaces.push_back(std::move(interface));
        }
    }
    return interfaces;
}

bool hasSerial(libusb_device* device, std::uint8_t index, const std::string& wanted)
{
    libusb_device_handle* raw = nullptr;
    if (const int problem = libusb_open(device, &raw); problem != 0) {
        return problem == LIBUSB_ERROR_ACCESS; // it may be; opening it says what is missing
    }
    const UsbHandle handle(raw);
    std::array<unsigned char, 256> text{};
    const int length =
        libusb_get_string_descriptor_ascii(raw, index, text.data(), static_cast<int>(text.size()));
    return length >= 0 && std::string(text.begin(), text.begin() + length) == wanted;
}

/// A device that may not be asked for its serial number may be meant.
bool isMeant(libusb_device* device, const UsbAddress& address)
{
    libusb_device_descriptor descriptor{};
    if (libusb_get_device_descriptor(device, &descriptor) != 0) {
        return false;
    }
    if (address.id ? UsbId{descriptor.idVendor, descriptor.idProduct} != *address.id
                   : !choosePipes(interfacesOf(device), address)) {
        return false;
    }
    return (address.path.empty() || pathOf(device) == address.path) &&
           (address.serial.empty() ||
            (descriptor.iSerialNumber != 0 &&
             hasSerial(device, descriptor.iSerialNumber, address.serial)));
}

Result<void> claim(UsbDevice& found, const std::string& name)
{
    auto* const handle = found.handle.get();
    // Unsupported where the kernel has no drivers to detach: then none holds the interface.
    (void)libusb_set_auto_detach_kernel_driver(handle, 1);
    if (const int problem = libusb_claim_interface(handle, found.pipes.interface); problem != 0) {
        return refused(name, "claim", problem);
    }
    found.claim = UsbClaim(handle, {found.pipes.interface});
    if (found.pipes.severalAlternates) {
        const int problem =
            libusb_set_interface_alt_setting(handle, found.pipes.interface, found.pipes.alternate);
        if (problem != 0) {
            return refused(name, "alternate setting", problem);
        }
    }
    return {};
}

} // namespace

Result<UsbDevice> claimUsb(const UsbAddress& address)
{
    const auto wanted = describe(address);
    libusb_context* context = nullptr;
    if (const int problem = libusb_init(&context); problem != 0) {
        return fail(Errc::Disconnected,
                    fmt::format("{}: no USB on this machine: {}", wanted, libusb_strerror(problem)),
                    Remedy::ReconnectCable);
    }
    UsbDevice found;
    found.context.reset(context);
    libusb_device** all = nullptr;
    const auto count = libusb_get_device_list(context, &all);
    if (count < 0) {
        return refused(wanted, "list of devices", static_cast<int>(count));
    }
    const DeviceList list(all);
    std::vector<libusb_device*> meant;
    for (auto* device : std::span(all, static_cast<std::size_t>(count))) {
        if (isMeant(device, address)) {
            meant.push_back(device);
        }
    }
    if (meant.empty()) {
        return fail(Errc::Disconnected, fmt::format("{}: none of {} devices is it", wanted, count),
                    Remedy::ReconnectCable);
    }
    if (meant.size() > 1) {
        std::vector<std::string> paths;
        std::transform(meant.begin(), meant.end(), std::back_inserter(paths), pathOf);
        return fail(Errc::Conflict,
                    fmt::format("{}: {} devices are meant; want one of @{}", wanted, meant.size(),
                                fmt::join(paths, " @")),
                    Remedy::CallStaff);
    }
    libusb_device_descriptor descriptor{};
    (void)libusb_get_device_descriptor(meant.front(), &descriptor); // it was read in isMeant()
    found.name = fmt::format("usb {:04x}:{:04x}@{}", descriptor.idVendor, descriptor.idProduct,
                             pathOf(meant.front()));
    auto pipes = choosePipes(interfacesOf(meant.front()), address);
    if (!pipes) {
        return fail(std::move(pipes.error()), found.name);
    }
    found.pipes = std::move(*pipes);
    libusb_device_handle* handle = nullptr;
    if (const int problem = libusb_open(meant.front(), &handle); problem != 0) {
        return refused(found.name, "open", problem);
    }
    found.handle.reset(handle);
    if (auto claimed = claim(found, found.name); !claimed) {
        return tl::unexpected(claimed.error());
    }
    return found;
}

} // namespace guichet::transport
