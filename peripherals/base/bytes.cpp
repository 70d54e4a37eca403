// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/bytes.h"

#include <openssl/evp.h>

namespace guichet {
namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

const unsigned char* raw(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

} // namespace

Result<ByteView> ByteReader::take(std::size_t count)
{
    if (count > m_rest.size()) {
        return fail(Errc::Protocol, "cut short: want " + std::to_string(count) + " bytes, " +
                                        std::to_string(m_rest.size()) + " left");
    }
    const auto taken = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return taken;
}

Result<std::uint8_t> ByteReader::u8()
{
    return take(1).map([](ByteView b) { return std::to_integer<std::uint8_t>(b[0]); });
}

Result<std::uint16_t> ByteReader::u16()
{
    return take(2).map([](ByteView b) {
        return static_cast<std::uint16_t>(std::to_integer<unsigned>(b[0]) << 8U |
                                          std::to_integer<unsigned>(b[1]));
    });
}

Result<std::uint32_t> ByteReader::u32()
{
    return take(4).map([](ByteView b) {
        std::uint32_t value = 0;
        for (const auto byte : b) {
            value = value << 8U | std::to_integer<std::uint32_t>(byte);
        }
        return value;
    });
}

std::string toHex(ByteView bytes)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[std::to_integer<std::size_t>(byte) >> 4U];
        text += digits[std::to_integer<std::size_t>(byte) & 15U];
    }
    return text;
}

Result<Bytes> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0) {
        return fail(Errc::Invalid, "hex: odd number of digits");
    }
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0) {
            return fail(Errc::Invalid, "hex: not a digit at " + std::to_string(i));
        }
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return bytes;
}

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string toBase64(ByteView bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

Result<Bytes> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0) {
        return fail(Errc::Invalid, "base64: length is not a multiple of 4");
    }
    const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    const auto digits = text.substr(0, text.size() - padding);
    if (digits.find_first_not_of(kBase64Digits) != std::string_view::npos) {
        return fail(Errc::Invalid, "base64: illegal character");
    }
    const auto unused = padding == 2 ? 0x0FU : padding == 1 ? 0x03U : 0x00U;
    if (!digits.empty() && (kBase64Digits.find(digits.back()) & unused) != 0) {
        return fail(Errc::Invalid, "base64: bits behind the last byte");
    }
    Bytes bytes(text.size() / 4 * 3);
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0) {
        return fail(Errc::Invalid, "base64: malformed");
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

std::string toBase64Url(ByteView bytes)
{
    auto text = toBase64(bytes);
    for (auto& c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

Result<Bytes> fromBase64Url(std::string_view text)
{
    if (text.find_first_of("+/=") != std::string_view::npos) {
        return fail(Errc::Invalid, "base64url: illegal character");
    }
    std::string standard(text);
    for (auto& c : standard) {
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    standard.append((4 - standard.size() % 4) % 4, '=');
    return fromBase64(standard);
}

std::string_view asText(ByteView bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace guichet
