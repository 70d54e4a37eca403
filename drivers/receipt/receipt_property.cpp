// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_property.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/trimmed.h"

namespace guichet::receipt {
namespace {

constexpr int kWidest = 255; ///< cells
constexpr int kLongestMm = 2000;

std::vector<std::string_view> commaSeparated(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto comma = std::min(text.find(','), text.size());
        parts.push_back(trimmed(text.substr(0, comma)));
        if (comma == text.size()) {
            return parts;
        }
        text.remove_prefix(comma + 1);
    }
}

std::optional<int> number(std::string_view text, int lowest, int highest)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && value >= lowest && value <= highest ? std::optional(value) : std::nullopt;
}

std::optional<Align> alignNamed(std::string_view text)
{
    return text == "left"     ? std::optional(Align::Left)
           : text == "center" ? std::optional(Align::Centre)
           : text == "right"  ? std::optional(Align::Right)
                              : std::nullopt;
}

} // namespace

struct PropertyReader::Member {
    std::string key, value;
    Position at;

    [[nodiscard]] tl::unexpected<Error> refuse(std::string_view wanted) const
    {
        return failAt(at, fmt::format("{{{}:{}}}", key, inQuotes(value)), wanted);
    }
};

Result<std::vector<Element>> PropertyReader::take(const SourceText& source, std::size_t begin,
                                                  std::size_t end, Align align)
{
    const std::string_view text = source.text();
    std::vector<Element> made;
    auto at = begin + 1;
    bool closed = false;
    while (!closed) {
        Member member{{}, {}, source.position(at)};
        bool inValue = false, ended = false;
        for (; at < end && !ended && !closed; ++at) {
            const char c = text[at];
            auto& into = inValue ? member.value : member.key;
            if (c == '\\' && at + 1 < end) {
                ++at;
                into += text[at] == 'n' ? '\n' : text[at];
            } else if (c == ':' && !inValue) {
                inValue = true;
            } else if (c == ';') {
                ended = true;
            } else if (c == '}') {
                closed = true;
            } else if (c == '~') {
                into += ' ';
            } else {
                into += c;
            }
        }
        if (!closed && !ended) {
            return failAt(source.position(begin), inQuotes(text.substr(begin, end - begin)),
                          "a } at the end");
        }
        member.key = trimmed(member.key);
        member.value = trimmed(member.value);
        if (member.key.empty() && member.value.empty()) {
            continue;
        }
        if (auto done = apply(member, made, align); !done) {
            return tl::unexpected(done.error());
        }
    }
    if (at != end) {
        return failAt(source.position(at), inQuotes(text.substr(at, end - at)),
                      "nothing behind a property on its line");
    }
    // An option of the same line counts for its code, wherever it stands.
    for (auto& element : made) {
        if (auto* code = std::get_if<Code>(&element.content)) {
            auto whole = m_code;
            whole.data = std::move(code->data);
            whole.align = code->align;
            whole.shrink = settings.shrink;
            *code = std::move(whole);
        }
    }
    return made;
}

Result<void> PropertyReader::apply(const Member& member, std::vector<Element>& made, Align align)
{
    const auto& [key, value, at] = member;
    if (key == "comment" || key == "_") {
        return {};
    }
    if (key == "command" || key == "x") {
        return failAt(at, "{command:}", "no raw printer commands in a template: leave it out");
    }
    if (key == "width" || key == "w") {
        return setWidths(member);
    }
    if (key == "border" || key == "b") {
        return setBorder(member);
    }
    if (key == "option" || key == "o") {
        return setOption(member);
    }
    if (key == "align" || key == "a") {
        const auto named = alignNamed(value);
        settings.align = named.value_or(settings.align);
        return named ? Result<void>() : member.refuse("left, center or right");
    }
    if (key == "text" || key == "t") {
        settings.wrap = value == "wrap";
        return value == "wrap" || value == "nowrap" ? Result<void>()
                                                    : member.refuse("wrap or nowrap");
    }
    if (key == "code" || key == "c") {
        if (value.empty()) {
            return failAt(at, "an empty {code:}", "what the code shall say");
        }
        made.push_back({Code{.data = value, .align = align}, at});
        return {};
    }
    if (key == "image" || key == "i") {
        const auto file = fromBase64(value);
        if (!file || file->empty()) {
            return failAt(at, "an {image:} of other text", "a PNG file in base64");
        }
        made.push_back({Image{std::string(asText(*file)), align}, at});
        return {};
    }
    if (key == "x-cut") {
        cut = value == "partial" ? CutKind::Partial : CutKind::Full;
        return value == "partial" || value == "full" ? Result<void>()
                                                     : member.refuse("partial or full");
    }
    if (key == "x-shrink") {
        settings.shrink = value == "on";
        return value == "on" || value == "off" ? Result<void>() : member.refuse("on or off");
    }
    if (key == "x-minheight" || key == "x-present") {
        const auto mm = number(value, 0, kLongestMm);
        if (!mm) {
            return member.refuse(fmt::format("0 to {} millimetres", kLongestMm));
        }
        (key == "x-present" ? presentMm.emplace() : minHeightMm) = *mm;
        return {};
    }
    return failAt(at, inQuotes(key),
                  "width, border, align, text, code, option, image, comment, x-cut, x-minheight, "
                  "x-present or x-shrink");
}

Result<void> PropertyReader::setWidths(const Member& member)
{
    settings.widths.clear();
    if (member.value.empty() || member.value == "auto") {
        return {};
    }
    const auto parts = commaSeparated(member.value);
    if (parts.size() > kMostColumns) {
        return member.refuse(fmt::format("at most {} widths", kMostColumns));
    }
    for (const auto part : parts) {
        const auto cells = number(part, 0, kWidest);
        if (!cells && part != "*") {
            return member.refuse(fmt::format("numbers of cells, 0 to {}, or *", kWidest));
        }
        settings.widths.push_back(cells);
    }
    return {};
}

Result<void> PropertyReader::setBorder(const Member& member)
{
    settings.ruled = member.value == "line";
    if (member.value == "line" || member.value == "space") {
        settings.gap = 1;
        return {};
    }
    const auto cells = member.value == "none" ? std::optional(0) : number(member.value, 0, 2);
    settings.gap = cells.value_or(settings.gap);
    return cells ? Result<void>() : member.refuse("line, space, none, 0, 1 or 2");
}

Result<void> PropertyReader::setOption(const Member& member)
{
    const auto parts = commaSeparated(member.value);
    const bool qr = parts.front() == "qrcode";
    if (!qr && parts.front() != "code128") {
        return member.refuse("qrcode or code128 first");
    }
    Code code{.kind = qr ? Code::Kind::Qr : Code::Kind::Code128, .module = qr ? 3 : 2};
    constexpr std::array<std::string_view, 4> kLevels{"l", "m", "q", "h"};
    for (const auto part : std::vector(parts.begin() + 1, parts.end())) {
        const auto level = std::find(kLevels.begin(), kLevels.end(), part);
        if (qr && level != kLevels.end()) {
            code.correction = static_cast<Code::Correction>(level - kLevels.begin());
        } else if (const auto module = number(part, qr ? 3 : 2, qr ? 8 : 4)) {
            code.module = *module;
        } else if (const auto height = number(part, 24, 240); height && !qr) {
            code.height = *height;
        } else if (!qr && (part == "hri" || part == "nohri")) {
            code.readable = part == "hri";
        } else {
            return member.refuse(qr ? "qrcode, a module of 3 to 8 dots, and l, m, q or h"
                                    : "code128, a module of 2 to 4 dots, a height of 24 to 240, "
                                      "and hri or nohri");
        }
    }
    m_code = code;
    return {};
}

} // namespace guichet::receipt
