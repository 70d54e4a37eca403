// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/publisher_address.h"

#include <charconv>

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

} // namespace guichet::host
