// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "peripherals/virtual/passport_crypto.h"

/// Commands as a passport's chip takes them apart (ISO/IEC 7816-4).
namespace guichet::virtualdevices::passport {

inline constexpr std::uint16_t kOk = 0x9000, kEndOfFile = 0x6282, kWrongPassword = 0x6300,
                               kWrongLength = 0x6700, kSecurity = 0x6982, kConditions = 0x6985,
                               kNoObjects = 0x6987, kWrongObjects = 0x6988, kWrongData = 0x6A80,
                               kFileNotFound = 0x6A82, kWrongP1P2 = 0x6A86, kNoReference = 0x6A88,
                               kWrongOffset = 0x6B00, kNoInstruction = 0x6D00;

/// Short and extended forms; nothing: of wrong length.
[[nodiscard]] std::optional<PlainCommand> parseCommand(ByteView bytes);

/// 0 beyond the end.
[[nodiscard]] unsigned at(ByteView bytes, std::size_t index);
[[nodiscard]] std::size_t number(ByteView bytes);
/// The value of a short object at this level; empty if it is not there.
[[nodiscard]] Bytes valueOf(ByteView bytes, unsigned tag);

} // namespace guichet::virtualdevices::passport
