// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport_commands.h"

namespace guichet::virtualdevices::passport {

unsigned at(ByteView bytes, std::size_t index)
{
    return index < bytes.size() ? std::to_integer<unsigned>(bytes[index]) : 0;
}

std::size_t number(ByteView bytes)
{
    std::size_t value = 0;
    for (const auto byte : bytes) {
        value = value << 8 | std::to_integer<std::size_t>(byte);
    }
    return value;
}

std::optional<PlainCommand> parseCommand(ByteView bytes)
{
    if (bytes.size() < 4) {
        return std::nullopt;
    }
    PlainCommand command{Bytes(bytes.begin(), bytes.begin() + 4), {}, 0};
    auto rest = bytes.subspan(4);
    const bool extended = rest.size() > 2 && at(rest, 0) == 0;
    const std::size_t width = extended ? 2 : 1, most = extended ? 65'536 : 256;
    rest = rest.subspan(extended ? 1 : 0);
    if (rest.size() > width) {
        const auto length = number(rest.first(width));
        if (length == 0 || rest.size() < width + length) {
            return std::nullopt;
        }
        const auto data = rest.subspan(width, length);
        command.data.assign(data.begin(), data.end());
        rest = rest.subspan(width + length);
    }
    if (rest.size() == width) {
        const auto expected = number(rest);
        command.expected = expected == 0 ? most : expected;
        rest = {};
    }
    return rest.empty() ? std::optional(command) : std::nullopt;
}

Bytes valueOf(ByteView bytes, unsigned tag)
{
    for (std::size_t i = 0; i + 2 <= bytes.size();) {
        std::size_t length = at(bytes, i + 1), start = i + 2;
        if (length == 0x81) {
            length = at(bytes, start++);
        } else if (length == 0x82) {
            length = at(bytes, start) << 8 | at(bytes, start + 1);
            start += 2;
        }
        if (start + length > bytes.size()) {
            break;
        }
        if (at(bytes, i) == tag) {
            const auto value = bytes.subspan(start, length);
            return {value.begin(), value.end()};
        }
        i = start + length;
    }
    return {};
}

} // namespace guichet::virtualdevices::passport
