// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/text_line.h"

#include <algorithm>

#include "peripherals/virtual/text_decoder.h"

namespace guichet::virtualdevices {

namespace {

/// Characters as wide as high: Chinese, Japanese, Korean and their punctuation.
bool isWide(char32_t character)
{
    return (character >= 0x2E80 && character <= 0xD7A3) ||
           (character >= 0xF900 && character <= 0xFAFF) ||
           (character >= 0xFE30 && character <= 0xFE4F) ||
           (character >= 0xFF00 && character <= 0xFF60) || character >= 0x20000;
}

Bitmap styled(const Bitmap& plain, const TextStyle& style)
{
    auto cell = scaled(plain, style.widthTimes, style.heightTimes);
    if (style.bold) {
        const auto thin = cell;
        cell.draw(thin, 1, 0);
    }
    if (style.underline) {
        for (std::size_t x = 0; x < cell.width(); ++x) {
            cell.set(x, cell.height() - 1);
        }
    }
    if (style.inverse) {
        for (std::size_t y = 0; y < cell.height(); ++y) {
            for (std::size_t x = 0; x < cell.width(); ++x) {
                cell.set(x, y, !cell.dot(x, y));
            }
        }
    }
    return cell;
}

} // namespace

bool TextLine::add(char32_t character, const TextStyle& style, GlyphSource& glyphs)
{
    const std::size_t height = style.smallFont ? 17 : 24;
    const std::size_t narrow = style.smallFont ? 9 : 12;
    const auto width = isWide(character) ? height : narrow;
    if (m_position + width * style.widthTimes > m_width) {
        return false;
    }
    const bool added = add(styled(glyphs.glyph(character, width, height), style));
    appendUtf8(m_text, character);
    return added;
}

bool TextLine::add(const Bitmap& picture)
{
    if (m_position + picture.width() > m_width) {
        return false;
    }
    const auto height = std::max(m_picture.height(), picture.height());
    if (m_picture.width() == 0 || height > m_picture.height()) {
        Bitmap taller(m_width, height);
        taller.draw(m_picture, 0, height - m_picture.height());
        m_picture = std::move(taller);
    }
    m_picture.draw(picture, m_position, height - picture.height());
    m_position += picture.width();
    return true;
}

Bitmap TextLine::take(Alignment alignment)
{
    auto strip = aligned(m_picture, m_position, m_width, alignment);
    m_picture = Bitmap();
    m_position = 0;
    m_text.clear();
    return strip;
}

Bitmap aligned(const Bitmap& picture, std::size_t used, std::size_t width, Alignment alignment)
{
    const auto room = width - std::min(used, width);
    const auto shift = alignment == Alignment::Left     ? 0
                       : alignment == Alignment::Centre ? room / 2
                                                        : room;
    Bitmap strip(width, picture.height());
    strip.draw(picture, shift, 0);
    return strip;
}

} // namespace guichet::virtualdevices
