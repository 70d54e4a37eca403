// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "peripherals/virtual/bitmap.h"
#include "peripherals/virtual/glyphs.h"

namespace guichet::virtualdevices {

/// How characters look from here on.
struct TextStyle {
    std::size_t widthTimes = 1;
    std::size_t heightTimes = 1;
    bool bold = false;
    bool underline = false;
    bool inverse = false;
    bool smallFont = false;
    [[nodiscard]] bool operator==(const TextStyle&) const = default;
};

enum class Alignment { Left, Centre, Right };

/// The line that is being put together in front of the head.
class TextLine {
public:
    explicit TextLine(std::size_t width)
        : m_width(width)
    {
    }

    [[nodiscard]] bool empty() const { return m_picture.width() == 0; }
    [[nodiscard]] std::size_t position() const { return m_position; }
    void moveTo(std::size_t position) { m_position = std::min(position, m_width); }
    /// False if the character does not fit any more; then nothing was added.
    [[nodiscard]] bool add(char32_t character, const TextStyle& style, GlyphSource& glyphs);
    [[nodiscard]] bool add(const Bitmap& picture);
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// The line's dots, as wide as the paper; then the line is empty.
    [[nodiscard]] Bitmap take(Alignment alignment);

private:
    std::size_t m_width;
    std::size_t m_position = 0;
    Bitmap m_picture; ///< grows upwards: lines stand on their foot
    std::string m_text;
};

/// `picture` on a strip as wide as the paper.
[[nodiscard]] Bitmap aligned(const Bitmap& picture, std::size_t used, std::size_t width,
                             Alignment alignment);

} // namespace guichet::virtualdevices
