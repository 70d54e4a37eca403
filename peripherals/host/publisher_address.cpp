// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/publisher_address.h"

#include <charconv>
#include <utility>

namespace guichet::host {

Result<PublisherAddress> parsePublisherAddress(const std::string& text)
{
    PublisherAddress address;
    const auto colon = text.rfind(':');
    const auto* end = text.data() + text.size();
    if (colon != std::string::npos && colon > 0) {
        const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
        if (read.ec == std::errc() && read.ptr == end) {
            address.host = text.substr(0, colon);
            return address;
        }
    }
    return fail(Errc::Invalid, "--publisher wants HOST:PORT, not \"" + text + "\"");
}

Error notAnswering(const PublisherAddress& address, Error error)
{
    error.detail = "guichet-devices at " + address.host + ":" + std::to_string(address.port) +
                   ": " + error.detail +
                   "; is it running, and is this user among its allowed_users?";
    return error;
}

} // namespace guichet::host
