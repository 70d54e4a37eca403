// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "peripherals/base/bytes.h"

/// Writing side of BER-TLV as chips personalise it.
namespace guichet::virtualdevices::tlv {

void append(Bytes& target, ByteView more);
[[nodiscard]] Bytes big16(std::uint16_t value);
[[nodiscard]] inline Bytes statusWord(std::uint16_t value)
{
    return big16(value);
}
/// Tags of one or two bytes, lengths up to 65535.
[[nodiscard]] Bytes object(std::uint16_t tag, ByteView value);
/// Packed hexadecimal digits, padded with F on the right.
[[nodiscard]] Bytes packed(std::string_view digits);
/// Sum of the lengths that a data object list asks for; the list is one of ours.
[[nodiscard]] std::size_t lengthOfDol(ByteView list);

} // namespace guichet::virtualdevices::tlv
