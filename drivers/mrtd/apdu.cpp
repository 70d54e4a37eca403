// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/apdu.h"

#include <fmt/format.h>

namespace guichet::mrtd {

Bytes encode(const Command& command)
{
    const auto expected = command.expected.value_or(0);
    const bool extended = command.data.size() > kShortData || expected > kShortAnswer;
    Bytes bytes;
    bytes.reserve(command.data.size() + 9);
    for (const auto value : {command.group, command.instruction, command.p1, command.p2}) {
        bytes.push_back(static_cast<std::byte>(value));
    }
    const auto addLength = [&bytes, extended](std::size_t length) {
        if (extended) {
            bytes.push_back(static_cast<std::byte>(length >> 8 & 0xFF));
        }
        bytes.push_back(static_cast<std::byte>(length & 0xFF)); // all zeros: 256 or 65,536
    };
    if (extended) {
        bytes.push_back(std::byte{0});
    }
    if (!command.data.empty()) {
        addLength(command.data.size());
        bytes.insert(bytes.end(), command.data.begin(), command.data.end());
    }
    if (command.expected) {
        addLength(*command.expected);
    }
    return bytes;
}

Result<CardAnswer> parseAnswer(ByteView bytes)
{
    if (bytes.size() < 2) {
        return fail(Errc::Protocol, fmt::format("answer of {} bytes", bytes.size()));
    }
    const auto data = bytes.first(bytes.size() - 2);
    const auto status = std::to_integer<unsigned>(bytes[bytes.size() - 2]) << 8 |
                        std::to_integer<unsigned>(bytes.back());
    return CardAnswer{SecretBytes(Bytes(data.begin(), data.end())),
                      static_cast<std::uint16_t>(status)};
}

std::string statusText(std::uint16_t status)
{
    return fmt::format("{:04X}", status);
}

} // namespace guichet::mrtd
