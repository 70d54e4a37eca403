// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/tlv.h"

#include <string>

namespace guichet::virtualdevices::tlv {

void append(Bytes& target, ByteView more)
{
    target.insert(target.end(), more.begin(), more.end());
}

Bytes big16(std::uint16_t value)
{
    return {static_cast<std::byte>(value >> 8), static_cast<std::byte>(value & 0xFF)};
}

Bytes object(std::uint16_t tag, ByteView value)
{
    Bytes result;
    if (tag > 0xFF) {
        append(result, big16(tag));
    } else {
        result.push_back(static_cast<std::byte>(tag));
    }
    if (value.size() > 0xFF) {
        result.push_back(std::byte{0x82});
        append(result, big16(static_cast<std::uint16_t>(value.size())));
    } else {
        if (value.size() > 0x7F) {
            result.push_back(std::byte{0x81});
        }
        result.push_back(static_cast<std::byte>(value.size()));
    }
    append(result, value);
    return result;
}

Bytes packed(std::string_view digits)
{
    std::string text(digits);
    if (text.size() % 2 != 0) {
        text += 'F';
    }
    return fromHex(text).value_or(Bytes{});
}

std::size_t lengthOfDol(ByteView list)
{
    std::size_t sum = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if ((std::to_integer<unsigned>(list[i]) & 0x1F) == 0x1F) {
            ++i;
        }
        if (++i < list.size()) {
            sum += std::to_integer<std::size_t>(list[i]);
        }
    }
    return sum;
}

} // namespace guichet::virtualdevices::tlv
