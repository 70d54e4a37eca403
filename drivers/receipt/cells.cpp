// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/cells.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <glib.h>

namespace guichet::receipt {
namespace {

struct Placed {
    const Span* look;
    std::string_view text;
    int cells; ///< its enlargement counted
    bool wide;
};

/// Puts clusters side by side into pieces of one look.
CellLine lineOf(const Placed* begin, const Placed* end)
{
    CellLine line;
    const Span* last = nullptr;
    for (const auto* at = begin; at != end; ++at) {
        if (last == nullptr || at->look != last) {
            last = at->look;
            line.pieces.push_back({*last, 0});
            line.pieces.back().look.text.clear();
        }
        line.pieces.back().look.text += at->text;
        line.pieces.back().cells += at->cells;
        line.cells += at->cells;
        line.high = std::max(line.high, last->high);
    }
    return line;
}

/// How many of the clusters go onto one line of that width.
std::size_t fitting(const std::vector<Placed>& text, std::size_t from, int cells)
{
    auto at = from;
    int used = 0;
    while (at < text.size() && used + text[at].cells <= cells) {
        used += text[at++].cells;
    }
    if (at == text.size()) {
        return at - from;
    }
    for (auto good = at; good > from; --good) { // a break stands before `good`
        if (text[good].text == " " || text[good - 1].text == " " || text[good].wide ||
            text[good - 1].wide) {
            return good - from;
        }
    }
    return at - from;
}

void breakLines(const std::vector<Placed>& text, int cells, bool wrap, std::vector<CellLine>& lines)
{
    std::size_t from = 0;
    do {
        const auto count = fitting(text, from, cells);
        auto end = from + count;
        if (!wrap) {
            end = from;
            for (int used = 0; end < text.size() && used + text[end].cells <= cells; ++end) {
                used += text[end].cells;
            }
        }
        auto shown = end;
        while (wrap && end < text.size() && shown > from && text[shown - 1].text == " ") {
            --shown; // a blank at a break takes no room
        }
        lines.push_back(lineOf(text.data() + from, text.data() + shown));
        from = wrap ? end : text.size();
        while (wrap && from < text.size() && text[from].text == " ") {
            ++from;
        }
    } while (from < text.size());
}

} // namespace

void shrinkInto(std::vector<Span>& spans, int cells)
{
    const auto fits = [&spans, cells] {
        int used = 0, most = 0;
        for (const auto& span : spans) {
            const auto text = cleaned(span.text);
            for (const auto& cluster : clustersOf(text)) {
                used = cluster.text.starts_with('\n') ? 0 : used + cluster.cells * span.wide;
                most = std::max(most, used);
            }
        }
        return most <= cells;
    };
    while (!fits()) {
        bool enlarged = false;
        for (auto& span : spans) {
            enlarged = enlarged || span.wide > 1;
            span.high = span.wide > 1 ? std::max(span.high - 1, 1) : span.high;
            span.wide = std::max(span.wide - 1, 1);
        }
        if (!enlarged) {
            return;
        }
    }
}

std::vector<Cluster> clustersOf(std::string_view text)
{
    std::vector<Cluster> clusters;
    bool joined = false; // by a zero width joiner before
    for (std::size_t at = 0; at < text.size();) {
        const auto* begin = text.data() + at;
        const auto size = static_cast<std::size_t>(g_utf8_next_char(begin) - begin);
        const auto code = g_utf8_get_char(begin);
        const bool mark = g_unichar_iszerowidth(code) != 0;
        if ((mark || joined) && !clusters.empty()) {
            auto& last = clusters.back();
            last.text = std::string_view(last.text.data(), last.text.size() + size);
        } else {
            clusters.push_back({text.substr(at, size), mark                          ? 0
                                                       : g_unichar_iswide(code) != 0 ? 2
                                                                                     : 1});
        }
        constexpr gunichar kJoiner = 0x200D;
        joined = code == kJoiner;
        at += size;
    }
    return clusters;
}

std::string cleaned(std::string_view text)
{
    const std::unique_ptr<gchar, decltype(&g_free)> valid(
        g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free);
    std::string kept;
    for (const auto* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at)) {
        const auto code = g_utf8_get_char(at);
        if (code == '\n' || !g_unichar_iscntrl(code)) {
            kept.append(at, static_cast<const gchar*>(g_utf8_next_char(at)));
        }
    }
    return kept;
}

Result<std::vector<CellLine>> wrapInto(const std::vector<Span>& spans, int cells, bool wrap,
                                       Position at)
{
    std::vector<Span> looks = spans;
    std::vector<CellLine> lines;
    std::vector<Placed> text;
    for (auto& look : looks) {
        look.text = cleaned(look.text);
        for (const auto& cluster : clustersOf(look.text)) {
            if (cluster.text.starts_with('\n')) {
                breakLines(text, cells, wrap, lines);
                text.clear();
                continue;
            }
            const int wide = cluster.cells * look.wide;
            if (wide > cells) {
                return failAt(at, fmt::format("a character of {} cells", wide),
                              fmt::format("at most the column's {}", cells));
            }
            text.push_back({&look, cluster.text, wide, cluster.cells == 2});
        }
    }
    breakLines(text, cells, wrap, lines);
    return lines;
}

} // namespace guichet::receipt
