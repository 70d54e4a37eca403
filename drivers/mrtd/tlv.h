// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "peripherals/base/bytes.h"

/// BER-TLV as travel documents use it, one level at a time: no recursion, nothing copied. Pure.
namespace guichet::mrtd {

/// One data object. Views into the bytes that were parsed: those must outlive it.
struct DataObject {
    std::uint32_t tag = 0; ///< as on the wire: 0x61, 0x5F1F, 0x7F61
    ByteView value;
    ByteView whole; ///< with tag and length
};

/// What stands before a value.
struct ObjectHeader {
    std::uint32_t tag = 0;
    std::size_t headerBytes = 0;
    std::size_t valueBytes = 0;

    [[nodiscard]] std::size_t total() const { return headerBytes + valueBytes; }
};

/// The first bytes of a file tell how long it is, before it is read. Six bytes always suffice.
/// Errc::Protocol: cut short, a tag of more than two bytes, an indefinite length or one of more
/// than three bytes.
[[nodiscard]] Result<ObjectHeader> parseHeader(ByteView start);

/// The objects of one level in order, at most 1,000. Errc::Protocol as parseHeader, or a length
/// beyond the end.
[[nodiscard]] Result<std::vector<DataObject>> objectsIn(ByteView bytes);

/// Follows a path of tags into the first object of each; `bytes` is where the first one stands.
/// Errc::Protocol: no TLV; Errc::NotFound: an object of the path is missing.
[[nodiscard]] Result<ByteView> valueAt(ByteView bytes, std::initializer_list<std::uint32_t> path);

/// Tags of up to two bytes, values below 16 MiB.
[[nodiscard]] Bytes makeObject(std::uint32_t tag, ByteView value);

/// The bytes of all parts, one after the other.
[[nodiscard]] Bytes joined(std::initializer_list<ByteView> parts);

} // namespace guichet::mrtd
