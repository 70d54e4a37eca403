// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// Reads big-endian fields from bytes of outside; every length is checked once, here.
/// A failed read leaves the position where it was. Borrows the bytes.
class ByteReader {
public:
    explicit ByteReader(ByteView bytes)
        : m_rest(bytes)
    {
    }

    [[nodiscard]] std::size_t left() const { return m_rest.size(); }
    [[nodiscard]] ByteView rest() const { return m_rest; }
    /// Fails with Errc::Protocol if fewer bytes are left than asked for.
    [[nodiscard]] Result<std::uint8_t> u8();
    [[nodiscard]] Result<std::uint16_t> u16();
    [[nodiscard]] Result<std::uint32_t> u32();
    [[nodiscard]] Result<ByteView> take(std::size_t count);

private:
    ByteView m_rest;
};

/// Upper-case hexadecimal, no separators.
[[nodiscard]] std::string toHex(ByteView bytes);
/// Accepts either case and an even number of digits. Fails with Errc::Invalid.
[[nodiscard]] Result<Bytes> fromHex(std::string_view text);
/// Standard base64 (RFC 4648 section 4) with padding, and back; fails with Errc::Invalid.
[[nodiscard]] std::string toBase64(ByteView bytes);
[[nodiscard]] Result<Bytes> fromBase64(std::string_view text);
/// base64url without padding (RFC 4648 section 5).
[[nodiscard]] std::string toBase64Url(ByteView bytes);
[[nodiscard]] Result<Bytes> fromBase64Url(std::string_view text);

[[nodiscard]] inline ByteView asBytes(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] std::string_view asText(ByteView bytes);

} // namespace guichet
