// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/text_decoder.h"

#include <array>

#include <iconv.h>

namespace guichet::virtualdevices {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

std::uint8_t at(const std::string& text, std::size_t index)
{
    return static_cast<std::uint8_t>(text[index]);
}

const char* charsetOf(TextDecoder::Mode mode, std::uint8_t page)
{
    if (mode == TextDecoder::Mode::Chinese) {
        return "GB18030";
    }
    if (mode == TextDecoder::Mode::Utf8) {
        return "UTF-8";
    }
    switch (page) {
    case 2:
        return "CP850";
    case 16:
        return "CP1252";
    case 17:
        return "CP866";
    case 18:
        return "CP852";
    case 19:
        return "CP858";
    default:
        return "CP437";
    }
}

char32_t convert(const char* charset, std::string bytes)
{
    const auto converter = iconv_open("UTF-32LE", charset);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv's own way to say no
    if (converter == reinterpret_cast<iconv_t>(-1)) {
        return kReplacement;
    }
    std::array<char, 4> result{};
    auto* in = bytes.data();
    auto* out = result.data();
    auto inLeft = bytes.size(), outLeft = result.size();
    const auto done = iconv(converter, &in, &inLeft, &out, &outLeft);
    iconv_close(converter);
    if (done == static_cast<std::size_t>(-1) || outLeft != 0) {
        return kReplacement;
    }
    char32_t character = 0;
    for (std::size_t i = 0; i < result.size(); ++i) {
        character |= static_cast<char32_t>(static_cast<std::uint8_t>(result[i])) << (8 * i);
    }
    return character;
}

} // namespace

void TextDecoder::setMode(Mode mode)
{
    m_mode = mode;
    m_pending.clear();
}

bool TextDecoder::complete() const
{
    const auto first = at(m_pending, 0);
    if (first < 0x80 || m_mode == Mode::CodePage) {
        return true;
    }
    if (m_mode == Mode::Utf8) {
        const std::size_t want = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        return m_pending.size() >= want;
    }
    if (m_pending.size() < 2) {
        return first == 0x80 || first == 0xFF;
    }
    const bool fourBytes = at(m_pending, 1) >= 0x30 && at(m_pending, 1) <= 0x39;
    return m_pending.size() >= (fourBytes ? 4U : 2U);
}

std::optional<char32_t> TextDecoder::push(std::uint8_t byte)
{
    m_pending.push_back(static_cast<char>(byte));
    if (!complete()) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.swap(m_pending);
    if (bytes.size() == 1 && byte < 0x80) {
        return byte;
    }
    return convert(charsetOf(m_mode, m_codePage), std::move(bytes));
}

void appendUtf8(std::string& text, char32_t character)
{
    const auto add = [&text](char32_t value) { text.push_back(static_cast<char>(value)); };
    if (character < 0x80) {
        add(character);
    } else if (character < 0x800) {
        add(0xC0 | character >> 6);
        add(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        add(0xE0 | character >> 12);
        add(0x80 | (character >> 6 & 0x3F));
        add(0x80 | (character & 0x3F));
    } else {
        add(0xF0 | character >> 18);
        add(0x80 | (character >> 12 & 0x3F));
        add(0x80 | (character >> 6 & 0x3F));
        add(0x80 | (character & 0x3F));
    }
}

} // namespace guichet::virtualdevices
