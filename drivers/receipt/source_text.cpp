// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/source_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace guichet::receipt {
namespace {

bool continuesCharacter(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

} // namespace

Position positionAt(std::string_view text, std::size_t offset)
{
    Position at;
    for (const char byte : text.substr(0, offset)) {
        if (byte == '\n') {
            at = {at.line + 1, 1};
        } else if (!continuesCharacter(byte)) {
            ++at.column;
        }
    }
    return at;
}

SourceText::SourceText(std::string text)
    : m_template(text)
    , m_text(std::move(text))
    , m_parts{{0, 0, true}}
{
}

SourceText SourceText::from(std::string_view whole)
{
    SourceText empty;
    empty.m_template = whole;
    return empty;
}

void SourceText::addLiteral(std::size_t begin, std::size_t end)
{
    m_parts.push_back({m_text.size(), begin, true});
    m_text.append(m_template, begin, end - begin);
}

void SourceText::addValue(std::string_view text, std::size_t at)
{
    m_parts.push_back({m_text.size(), at, false});
    m_text += text;
}

Position SourceText::position(std::size_t offset) const
{
    const auto after =
        std::upper_bound(m_parts.begin(), m_parts.end(), offset,
                         [](std::size_t at, const Part& part) { return at < part.begin; });
    if (after == m_parts.begin()) {
        return {};
    }
    const auto& part = *std::prev(after);
    return positionAt(m_template, part.from + (part.literal ? offset - part.begin : 0));
}

tl::unexpected<Error> failAt(Position at, std::string_view seen, std::string_view wanted)
{
    return fail(Errc::Invalid,
                fmt::format("line {}, column {}: {}, want {}", at.line, at.column, seen, wanted),
                Remedy::CallStaff);
}

std::string inQuotes(std::string_view text)
{
    constexpr std::size_t kMost = 40;
    std::string kept;
    for (const char byte : text) {
        if (kept.size() >= kMost && !continuesCharacter(byte)) {
            kept += "...";
            break;
        }
        const auto code = static_cast<unsigned char>(byte);
        kept += code < 0x20 || code == 0x7F ? '?' : byte;
    }
    return "\"" + kept + "\"";
}

} // namespace guichet::receipt
