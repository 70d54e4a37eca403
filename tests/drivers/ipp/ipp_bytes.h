// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "peripherals/base/bytes.h"

namespace guichet::test {

/// Writes an IPP message byte by byte after RFC 8010, apart from the driver and from libcups.
class IppBytes {
public:
    /// `code`: an operation in a request, a status in an answer.
    IppBytes(std::uint16_t code, std::uint32_t requestId)
    {
        put(2, 1), put(0, 1), put(code, 2), put(requestId, 4);
    }
    IppBytes& group(std::uint8_t tag)
    {
        put(tag, 1);
        return *this;
    }
    /// An empty name: one more value of the attribute before.
    IppBytes& text(std::uint8_t tag, std::string_view name, std::string_view value)
    {
        put(tag, 1), put(name), put(value);
        return *this;
    }
    IppBytes& number(std::uint8_t tag, std::string_view name, int value)
    {
        put(tag, 1), put(name), put(4, 2), put(static_cast<std::uint32_t>(value), 4);
        return *this;
    }
    IppBytes& flag(std::string_view name, bool value)
    {
        put(0x22, 1), put(name), put(1, 2), put(value ? 1 : 0, 1);
        return *this;
    }
    [[nodiscard]] Bytes done() const
    {
        auto whole = m_bytes;
        whole.push_back(std::byte{0x03});
        return whole;
    }

private:
    void put(std::uint32_t value, int octets)
    {
        while (octets-- > 0) {
            m_bytes.push_back(static_cast<std::byte>(value >> (8 * octets)));
        }
    }
    void put(std::string_view text)
    {
        put(static_cast<std::uint32_t>(text.size()), 2);
        const auto bytes = asBytes(text);
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
    }

    Bytes m_bytes;
};

} // namespace guichet::test
