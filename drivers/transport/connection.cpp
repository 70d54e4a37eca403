// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/connection.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "drivers/transport/serial_channel.h"
#include "drivers/transport/tcp_channel.h"
#include "drivers/transport/usb_channel.h"

namespace guichet::transport {

namespace {

constexpr std::chrono::milliseconds kConnect{2000};
constexpr std::string_view kTcp = "tcp:", kSerial = "serial:", kUsb = "usb:";
constexpr int kUsualBaud = 115'200;

template <typename T> std::optional<T> number(std::string_view text)
{
    T value = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

Result<ChannelOpener> tcp(std::string_view text)
{
    const auto colon = text.rfind(':');
    const auto port = colon == std::string_view::npos
                          ? std::nullopt
                          : number<std::uint16_t>(text.substr(colon + 1));
    if (!port || *port == 0 || colon == 0) {
        return fail(Errc::Invalid, "want tcp:ADDRESS:PORT with a port from 1 to 65535");
    }
    auto address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    }
    return
        [address = std::string(address), port = *port] { return openTcp(address, port, kConnect); };
}

Result<ChannelOpener> serial(std::string_view text)
{
    const auto at = text.rfind('@');
    const auto baud = at == std::string_view::npos ? kUsualBaud : number<int>(text.substr(at + 1));
    const auto path = text.substr(0, at);
    if (!baud || !path.starts_with('/')) {
        return fail(Errc::Invalid, "want serial:/dev/NAME or serial:/dev/NAME@BAUD");
    }
    return [path = std::string(path), baud = *baud] { return openSerial(path, baud); };
}

Result<ChannelOpener> usb(std::string_view text)
{
    return parseUsbAddress(text).map([](const UsbAddress& address) -> ChannelOpener {
        return [address]() -> Result<std::unique_ptr<Channel>> { return openUsb(address); };
    });
}

} // namespace

Result<ChannelOpener> planConnection(std::string_view text)
{
    if (text.starts_with(kTcp)) {
        return tcp(text.substr(kTcp.size()));
    }
    if (text.starts_with(kSerial)) {
        return serial(text.substr(kSerial.size()));
    }
    if (text.starts_with(kUsb)) {
        return usb(text.substr(kUsb.size()));
    }
    return fail(Errc::Invalid, "want tcp:ADDRESS:PORT, serial:/dev/NAME, serial:/dev/NAME@BAUD, "
                               "usb:VENDOR:PRODUCT or usb:printer");
}

} // namespace guichet::transport
