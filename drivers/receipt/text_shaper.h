// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <pango/pangocairo.h>

#include "drivers/receipt/receipt_tree.h"

namespace guichet::receipt {

struct ReleaseObject {
    void operator()(void* object) const { g_object_unref(object); }
};
struct ReleaseFont {
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};

/// Draws text upon the grid: each stretch fills its cells, shrunk if its font is wider or higher.
class TextShaper {
public:
    [[nodiscard]] static Result<std::unique_ptr<TextShaper>> open();

    /// Draws with the cairo context's colour; adds what no font has to `missing`.
    void draw(cairo_t* cairo, const Block& block, const Span& look, std::set<char32_t>& missing);

private:
    using Layout = std::unique_ptr<PangoLayout, ReleaseObject>;

    void drawStretch(cairo_t* cairo, double x, double y, double width, double height, int wide,
                     int high);
    void set(std::string_view text, bool bold);
    /// A cluster as it is drawn; its cells stay those of the text.
    struct Letter {
        std::string text;
        int cells;
        bool alone; ///< does not join its neighbours
    };
    [[nodiscard]] std::vector<Letter> lettersOf(std::string_view text, bool someMissing,
                                                std::set<char32_t>& missing);
    [[nodiscard]] bool drawable(std::string_view character);

    std::unique_ptr<PangoFontMap, ReleaseObject> m_fontMap;
    std::unique_ptr<PangoContext, ReleaseObject> m_context;
    std::unique_ptr<PangoFontDescription, ReleaseFont> m_regular, m_bold;
    Layout m_layout;
};

} // namespace guichet::receipt
