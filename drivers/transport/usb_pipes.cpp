// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/usb_pipes.h"

#include <algorithm>

#include <fmt/format.h>

namespace guichet::transport {
namespace {

constexpr unsigned kTypeMask = 0x03, kBulk = 0x02, kIn = 0x80;
constexpr std::uint16_t kLargestPacket = 1024;
constexpr std::uint8_t kPrinterClass = 0x07, kPrinterSubclass = 0x01, kVendorClass = 0xFF;
constexpr std::uint8_t kOneWay = 0x01, kBidirectional = 0x02;

std::vector<UsbEndpoint> bulk(const UsbInterface& interface, unsigned direction)
{
    std::vector<UsbEndpoint> found;
    std::copy_if(interface.endpoints.begin(), interface.endpoints.end(), std::back_inserter(found),
                 [direction](const UsbEndpoint& endpoint) {
                     return (endpoint.attributes & kTypeMask) == kBulk &&
                            (endpoint.address & kIn) == direction && endpoint.packet > 0 &&
                            endpoint.packet <= kLargestPacket;
                 });
    std::sort(found.begin(), found.end(), [](const UsbEndpoint& one, const UsbEndpoint& other) {
        return one.address < other.address;
    });
    return found;
}

const UsbInterface* findPrinter(std::span<const UsbInterface> interfaces)
{
    for (const auto protocol : {kBidirectional, kOneWay}) {
        for (const auto& interface : interfaces) {
            if (interface.deviceClass == kPrinterClass && interface.subclass == kPrinterSubclass &&
                interface.protocol == protocol && !bulk(interface, 0).empty() &&
                (protocol == kOneWay || !bulk(interface, kIn).empty())) {
                return &interface;
            }
        }
    }
    return nullptr;
}

const UsbInterface* findVendorSpecific(std::span<const UsbInterface> interfaces)
{
    const auto found =
        std::find_if(interfaces.begin(), interfaces.end(), [](const UsbInterface& interface) {
            return interface.deviceClass == kVendorClass && !bulk(interface, 0).empty() &&
                   !bulk(interface, kIn).empty();
        });
    return found == interfaces.end() ? nullptr : &*found;
}

std::string describe(std::span<const UsbInterface> interfaces)
{
    std::string text;
    for (const auto& interface : interfaces) {
        text +=
            fmt::format("{}{:02x}/{:02x}/{:02x} with {} bulk endpoints", text.empty() ? "" : ", ",
                        interface.deviceClass, interface.subclass, interface.protocol,
                        bulk(interface, 0).size() + bulk(interface, kIn).size());
    }
    return text.empty() ? "no interface" : text;
}

} // namespace

Result<UsbPipes> choosePipes(std::span<const UsbInterface> interfaces, const UsbAddress& address)
{
    const auto* chosen = findPrinter(interfaces);
    const bool printer = chosen != nullptr;
    if (!printer && address.id) {
        chosen = findVendorSpecific(interfaces);
    }
    const auto refuse = [&interfaces](std::string_view wanted) {
        return fail(Errc::Unsupported,
                    fmt::format("it has {}; want {}", describe(interfaces), wanted),
                    Remedy::CallStaff);
    };
    if (chosen == nullptr) {
        return refuse(address.id ? "a printer's or a vendor-specific interface with bulk endpoints"
                                 : "a printer's interface (07/01/02 or 07/01/01)");
    }
    UsbPipes pipes{.interface = chosen->number,
                   .alternate = chosen->alternate,
                   .printer = printer,
                   .out = bulk(*chosen, 0),
                   .in = bulk(*chosen, kIn)};
    pipes.severalAlternates =
        std::count_if(interfaces.begin(), interfaces.end(),
                      [chosen](const auto& other) { return other.number == chosen->number; }) > 1;
    const bool pairs = pipes.out.size() >= 2 && pipes.in.size() >= 2;
    if (address.framing == UsbFraming::Split && !pairs) {
        return refuse("two pairs of bulk endpoints for split frames");
    }
    const bool split = pairs && address.framing != UsbFraming::Plain &&
                       (!printer || address.framing == UsbFraming::Split);
    const std::size_t count = split ? 2 : 1;
    pipes.out.resize(count);
    pipes.in.resize(std::min(pipes.in.size(), count));
    return pipes;
}

} // namespace guichet::transport
