// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "peripherals/base/bytes.h"

/// BER-TLV as bank cards use it: bytes in, a tree of views out. Pure; safe to fuzz.
namespace guichet::emv {

/// One object. Views into the bytes that were parsed: those must outlive it.
struct Tlv {
    std::uint32_t tag = 0; ///< as on the wire: 0x5A, 0x9F38, 0xBF0C
    ByteView value;
    std::vector<Tlv> children; ///< of a constructed object, in order
    ByteView encoded;          ///< the whole object, with tag and length
};

inline constexpr std::size_t kMaxTlvBytes = 64 * 1024;
inline constexpr int kMaxTlvDepth = 8;

/// Parses a sequence of objects; filler bytes 00 and FF between them are skipped.
/// Fails with Errc::Protocol: a length beyond its parent, longer than two bytes or indefinite, a
/// tag of more than four bytes, more than eight levels, more than 64 KiB.
[[nodiscard]] Result<std::vector<Tlv>> parseTlv(ByteView bytes);

/// The first object with this tag, outermost levels before inner ones of the same branch; null if
/// there is none.
[[nodiscard]] const Tlv* findTag(const std::vector<Tlv>& objects, std::uint32_t tag);

/// All objects with this tag in order, at any level.
[[nodiscard]] std::vector<const Tlv*> findAll(const std::vector<Tlv>& objects, std::uint32_t tag);

} // namespace guichet::emv
