// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/secret_json.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <strings.h>

namespace guichet::host {

namespace {

constexpr std::size_t kUsualSize = 1024;
constexpr std::size_t kLongestEscape = 6; ///< \u0000
constexpr std::size_t kSigns = 8;         ///< around key and text

void appendEscaped(std::string& text, char sign)
{
    if (sign == '"' || sign == '\\') {
        text += '\\';
        text += sign;
    } else if (static_cast<unsigned char>(sign) < 0x20) {
        fmt::format_to(std::back_inserter(text), "\\u{:04x}", static_cast<unsigned>(sign));
    } else {
        text += sign;
    }
}

} // namespace

SecretJson::SecretJson()
{
    m_text.reserve(kUsualSize);
    m_text += '{';
}

SecretJson::~SecretJson()
{
    explicit_bzero(m_text.data(), m_text.size());
}

/// By hand, because a string that grows leaves its old memory as it was.
void SecretJson::makeRoom(std::size_t more)
{
    if (m_text.capacity() - m_text.size() >= more) {
        return;
    }
    std::string larger;
    larger.reserve(std::max(2 * m_text.capacity(), m_text.size() + more));
    larger += m_text;
    std::swap(m_text, larger);
    explicit_bzero(larger.data(), larger.size());
}

void SecretJson::add(std::string_view key, std::string_view text)
{
    if (text.empty()) {
        return;
    }
    makeRoom(key.size() + kLongestEscape * text.size() + kSigns);
    m_text += m_text.size() > 1 ? ",\"" : "\"";
    m_text += key;
    m_text += "\":\"";
    for (const char sign : text) {
        appendEscaped(m_text, sign);
    }
    m_text += '"';
}

Secret<std::string> SecretJson::take() &&
{
    m_text += '}';
    return Secret<std::string>(std::move(m_text));
}

} // namespace guichet::host
