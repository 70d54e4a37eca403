// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "peripherals/base/bytes.h"

/// What stands before a value in BER-TLV (ITU-T X.690, ISO/IEC 7816-4 annex E). Pure; safe to fuzz.
namespace guichet {

/// As on the wire: 0x5A, 0x9F38, 0x7F61. Errc::Protocol: cut short, or of more than `mostBytes`
/// (at most four).
[[nodiscard]] Result<std::uint32_t> readBerTag(ByteReader& reader, std::size_t mostBytes);

/// Errc::Protocol: cut short, indefinite, or of more than `mostBytes` behind its first (at most
/// three). The value itself may be missing.
[[nodiscard]] Result<std::size_t> readBerLength(ByteReader& reader, std::size_t mostBytes);

} // namespace guichet
