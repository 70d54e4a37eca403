// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/text_shaper.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "drivers/receipt/cells.h"

namespace guichet::receipt {
namespace {

/// Its Latin letters are half as wide as its Chinese ones: it fits the grid by itself.
constexpr const char* kFamily = "Noto Sans Mono CJK SC";
constexpr char kMissingMark[] = "\xE3\x80\x93"; // U+3013
/// The grid's baseline below the top of a cell, of its 24 dots.
constexpr double kBaseline = 20;

/// Scripts whose letters stand alone, so that each can be put into its own cell.
bool standsAlone(std::string_view cluster)
{
    switch (g_unichar_get_script(g_utf8_get_char(cluster.data()))) {
    case G_UNICODE_SCRIPT_COMMON:
    case G_UNICODE_SCRIPT_INHERITED:
    case G_UNICODE_SCRIPT_LATIN:
    case G_UNICODE_SCRIPT_GREEK:
    case G_UNICODE_SCRIPT_CYRILLIC:
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_YI:
        return true;
    default:
        return false;
    }
}

enum class Reads { Rightwards, Leftwards, Neither };

/// What is drawn in one piece.
struct Stretch {
    std::string text;
    int cells;
    Reads reads;
};

/// As its first letter does; digits alone read as they do in every script.
Reads readingOf(const std::string& text)
{
    auto reads = Reads::Neither;
    const auto* end = text.data() + text.size();
    for (const auto* at = text.data(); at < end; at = g_utf8_next_char(at)) {
        const auto code = g_utf8_get_char(at);
        if (g_unichar_isalpha(code) != 0) {
            switch (g_unichar_get_script(code)) {
            case G_UNICODE_SCRIPT_ARABIC:
            case G_UNICODE_SCRIPT_HEBREW:
            case G_UNICODE_SCRIPT_NKO:
            case G_UNICODE_SCRIPT_SYRIAC:
            case G_UNICODE_SCRIPT_THAANA:
                return Reads::Leftwards;
            default:
                return Reads::Rightwards;
            }
        }
        reads = g_unichar_isdigit(code) != 0 ? Reads::Rightwards : reads;
    }
    return reads;
}

/// From right to left, but for words that read the other way and what stands between such words.
void orderLeftwards(std::vector<Stretch>& stretches)
{
    std::reverse(stretches.begin(), stretches.end());
    const auto rightwards = [](const Stretch& one) { return one.reads == Reads::Rightwards; };
    auto first = std::find_if(stretches.begin(), stretches.end(), rightwards);
    while (first != stretches.end()) {
        auto last = first;
        for (auto at = first; at != stretches.end() && at->reads != Reads::Leftwards; ++at) {
            last = rightwards(*at) ? at : last;
        }
        std::reverse(first, ++last);
        first = std::find_if(last, stretches.end(), rightwards);
    }
}

PangoFontDescription* describeFont(PangoWeight weight)
{
    auto* font = pango_font_description_new();
    pango_font_description_set_family(font, kFamily);
    pango_font_description_set_weight(font, weight);
    pango_font_description_set_absolute_size(font, kCellHeight * double(PANGO_SCALE));
    return font;
}

} // namespace

Result<std::unique_ptr<TextShaper>> TextShaper::open()
{
    auto shaper = std::make_unique<TextShaper>();
    shaper->m_fontMap.reset(pango_cairo_font_map_new());
    if (pango_font_map_get_family(shaper->m_fontMap.get(), kFamily) == nullptr) {
        return fail(Errc::NotFound,
                    fmt::format("font family \"{}\" is missing: install fonts-noto-cjk", kFamily),
                    Remedy::CallStaff);
    }
    shaper->m_context.reset(pango_font_map_create_context(shaper->m_fontMap.get()));
    pango_cairo_context_set_resolution(shaper->m_context.get(), 72);
    pango_context_set_language(shaper->m_context.get(), pango_language_from_string("zh-cn"));
    auto* options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(shaper->m_context.get(), options);
    cairo_font_options_destroy(options);
    shaper->m_regular.reset(describeFont(PANGO_WEIGHT_NORMAL));
    shaper->m_bold.reset(describeFont(PANGO_WEIGHT_BOLD));
    shaper->m_layout.reset(pango_layout_new(shaper->m_context.get()));
    pango_layout_set_single_paragraph_mode(shaper->m_layout.get(), 1);
    return shaper;
}

void TextShaper::set(std::string_view text, bool bold)
{
    pango_layout_set_font_description(m_layout.get(), bold ? m_bold.get() : m_regular.get());
    pango_layout_set_text(m_layout.get(), text.data(), static_cast<int>(text.size()));
}

bool TextShaper::drawable(std::string_view character)
{
    pango_layout_set_text(m_layout.get(), character.data(), static_cast<int>(character.size()));
    return pango_layout_get_unknown_glyphs_count(m_layout.get()) == 0;
}

std::vector<TextShaper::Letter> TextShaper::lettersOf(std::string_view text, bool someMissing,
                                                      std::set<char32_t>& missing)
{
    std::vector<Letter> letters;
    for (const auto& cluster : clustersOf(text)) {
        if (!someMissing || drawable(cluster.text)) {
            letters.push_back(
                {std::string(cluster.text), cluster.cells, standsAlone(cluster.text)});
            continue;
        }
        const auto* end = cluster.text.data() + cluster.text.size();
        for (const auto* at = cluster.text.data(); at < end; at = g_utf8_next_char(at)) {
            const std::string_view one(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
            if (!drawable(one)) {
                missing.insert(g_utf8_get_char(at));
            }
        }
        letters.push_back({kMissingMark, cluster.cells, true});
    }
    return letters;
}

void TextShaper::draw(cairo_t* cairo, const Block& block, const Span& look,
                      std::set<char32_t>& missing)
{
    set(look.text, look.bold);
    const bool someMissing = pango_layout_get_unknown_glyphs_count(m_layout.get()) > 0;
    int natural = 0;
    pango_layout_get_size(m_layout.get(), &natural, nullptr);
    const double cells = double(block.width) / look.wide;
    if (!someMissing && std::abs(double(natural) / PANGO_SCALE - cells) < 1) {
        drawStretch(cairo, block.x, block.y, block.width, block.height, look.wide, look.high);
        return; // the font fits the grid
    }
    // Letters that stand alone go into their own cells, others stay together.
    std::vector<Stretch> stretches;
    const auto letters = lettersOf(look.text, someMissing, missing);
    for (std::size_t at = 0; at < letters.size();) {
        Stretch stretch{letters[at].text, letters[at].cells, Reads::Neither};
        auto end = at + 1;
        while (end < letters.size() && !letters[at].alone && !letters[end].alone) {
            stretch.text += letters[end].text;
            stretch.cells += letters[end++].cells;
        }
        stretch.reads = readingOf(stretch.text);
        stretches.push_back(std::move(stretch));
        at = end;
    }
    if (readingOf(look.text) == Reads::Leftwards) {
        orderLeftwards(stretches);
    }
    double x = block.x;
    for (const auto& stretch : stretches) {
        const double dots = double(stretch.cells) * kCellWidth * look.wide;
        set(stretch.text, look.bold);
        drawStretch(cairo, x, block.y, dots, block.height, look.wide, look.high);
        x += dots;
    }
}

/// Draws what was set into the layout.
void TextShaper::drawStretch(cairo_t* cairo, double x, double y, double width, double height,
                             int wide, int high)
{
    PangoRectangle ink, logical;
    pango_layout_get_extents(m_layout.get(), &ink, &logical);
    const double natural = double(logical.width) / PANGO_SCALE * wide;
    if (natural <= 0 || width <= 0) {
        return;
    }
    const double base = double(pango_layout_get_baseline(m_layout.get())) / PANGO_SCALE;
    const double above = base - double(ink.y) / PANGO_SCALE;
    const double below = double(ink.y + ink.height) / PANGO_SCALE - base;
    const double across = std::min(1.0, width / natural) * wide;
    const double room = height / high + 3; // a tall stack may use a part of the gap
    const double down = std::min(1.0, room / std::max(1.0, above + below)) * high;
    // High above the usual, it stands lower.
    const double baseline = std::max(kBaseline * high, (above - 1) * down);
    const double lowest = height + 4 * high;
    const double ground = std::min(baseline, std::max(0.0, lowest - below * down));
    cairo_save(cairo);
    cairo_translate(cairo, x, y + ground);
    cairo_scale(cairo, across, down);
    cairo_move_to(cairo, 0, 0);
    pango_cairo_show_layout_line(cairo, pango_layout_get_line_readonly(m_layout.get(), 0));
    cairo_restore(cairo);
}

} // namespace guichet::receipt
