// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "drivers/mrtd/lds.h"

/// Commands and answers of ISO/IEC 7816-4, bytes only. Pure.
namespace guichet::mrtd {

inline constexpr std::size_t kShortData = 255, kShortAnswer = 256, kLongestAnswer = 65'536;

struct Command {
    std::uint8_t group = 0; ///< CLA
    std::uint8_t instruction = 0;
    std::uint8_t p1 = 0;
    std::uint8_t p2 = 0;
    Bytes data = {};
    std::optional<std::size_t> expected = {}; ///< at most so many bytes of answer; nothing: no Le
};

/// Short where both lengths allow for it, extended else.
[[nodiscard]] Bytes encode(const Command& command);

struct CardAnswer {
    SecretBytes data;
    std::uint16_t status = 0;

    [[nodiscard]] bool ok() const { return status == 0x9000; }
};

/// Errc::Protocol: less than a status word. Wipes nothing of what it was given.
[[nodiscard]] Result<CardAnswer> parseAnswer(ByteView bytes);

/// "6A82"
[[nodiscard]] std::string statusText(std::uint16_t status);

} // namespace guichet::mrtd
