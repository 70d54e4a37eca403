// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/usb_address.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace guichet::transport {
namespace {

constexpr std::string_view kWanted = "want usb:VVVV:PPPP or usb:printer, then nothing, +plain or "
                                     "+split, then nothing, @SERIAL or @BUS-PORT.PORT";
constexpr std::size_t kIdDigits = 4, kLongestWhere = 126; // a string descriptor holds 126 units

std::optional<std::uint16_t> idNumber(std::string_view text)
{
    std::uint16_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value, 16);
    return text.size() == kIdDigits && parsed.ec == std::errc() && parsed.ptr == end
               ? std::optional(value)
               : std::nullopt;
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() <= 3 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// BUS-PORT[.PORT...], as the kernel names devices.
bool isPath(std::string_view text)
{
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || !isNumber(text.substr(0, dash))) {
        return false;
    }
    auto ports = text.substr(dash + 1);
    for (;;) {
        const auto dot = ports.find('.');
        if (!isNumber(ports.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        ports.remove_prefix(dot + 1);
    }
}

} // namespace

Result<UsbAddress> parseUsbAddress(std::string_view text)
{
    UsbAddress address;
    if (const auto at = text.find('@'); at != std::string_view::npos) {
        const auto where = text.substr(at + 1);
        if (where.empty() || where.size() > kLongestWhere) {
            return fail(Errc::Invalid, std::string(kWanted));
        }
        (isPath(where) ? address.path : address.serial) = where;
        text = text.substr(0, at);
    }
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        const auto framing = text.substr(plus + 1);
        if (framing != "plain" && framing != "split") {
            return fail(Errc::Invalid, std::string(kWanted));
        }
        address.framing = framing == "plain" ? UsbFraming::Plain : UsbFraming::Split;
        text = text.substr(0, plus);
    }
    if (text == "printer") {
        return address;
    }
    const auto colon = std::min(text.find(':'), text.size());
    const auto vendor = idNumber(text.substr(0, colon));
    const auto product = idNumber(text.substr(std::min(colon + 1, text.size())));
    if (!vendor || !product) {
        return fail(Errc::Invalid, std::string(kWanted));
    }
    address.id = UsbId{*vendor, *product};
    return address;
}

std::string describe(const UsbAddress& address)
{
    auto text = address.id
                    ? fmt::format("usb {:04x}:{:04x}", address.id->vendor, address.id->product)
                    : std::string("usb printer");
    const auto& where = address.path.empty() ? address.serial : address.path;
    return where.empty() ? text : text + "@" + where;
}

} // namespace guichet::transport
