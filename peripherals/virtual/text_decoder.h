// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace guichet::virtualdevices {

/// Turns the printable bytes of a job into characters: a code page, GB18030 or UTF-8.
class TextDecoder {
public:
    enum class Mode { CodePage, Chinese, Utf8 };

    void setMode(Mode mode);
    /// Numbers as in ESC t; unknown ones are read as CP437.
    void setCodePage(std::uint8_t number) { m_codePage = number; }
    [[nodiscard]] Mode mode() const { return m_mode; }

    /// Nothing while a character of several bytes is incomplete; U+FFFD for what is none.
    [[nodiscard]] std::optional<char32_t> push(std::uint8_t byte);

private:
    [[nodiscard]] bool complete() const;

    Mode m_mode = Mode::CodePage;
    std::uint8_t m_codePage = 0;
    std::string m_pending;
};

void appendUtf8(std::string& text, char32_t character);

} // namespace guichet::virtualdevices
