// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/glyphs.h"

#include <array>
#include <filesystem>
#include <vector>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "peripherals/base/unique_handle.h"

namespace guichet::virtualdevices {

namespace {

using Library = UniqueHandle<FT_Library, [](FT_Library library) { FT_Done_FreeType(library); }>;
using Face = UniqueHandle<FT_Face, [](FT_Face face) { FT_Done_Face(face); }>;

constexpr std::array kFonts{"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
                            "/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf",
                            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"};

class FontGlyphs final : public GlyphSource {
public:
    FontGlyphs()
    {
        FT_Library library = nullptr;
        if (FT_Init_FreeType(&library) != 0) {
            return;
        }
        m_library.reset(library);
        for (const auto* path : kFonts) {
            FT_Face face = nullptr;
            if (std::filesystem::exists(path) && FT_New_Face(library, path, 0, &face) == 0) {
                m_faces.emplace_back(face);
            }
        }
    }

    Bitmap glyph(char32_t character, std::size_t width, std::size_t height) override
    {
        for (const auto& face : m_faces) {
            const auto index = FT_Get_Char_Index(face.get(), character);
            if (index != 0) {
                return draw(face.get(), index, width, height);
            }
        }
        return m_boxes.glyph(character, width, height);
    }

private:
    static Bitmap draw(FT_Face face, FT_UInt index, std::size_t width, std::size_t height)
    {
        Bitmap cell(width, height);
        const auto size = static_cast<FT_UInt>(height * 5 / 6);
        if (FT_Set_Pixel_Sizes(face, 0, size) != 0 ||
            FT_Load_Glyph(face, index, FT_LOAD_RENDER | FT_LOAD_TARGET_MONO) != 0) {
            return cell;
        }
        const auto& slot = *face->glyph;
        const auto& dots = slot.bitmap;
        const auto baseline = static_cast<int>(height) * 4 / 5;
        const auto advance = static_cast<int>(slot.advance.x >> 6);
        const auto left = (static_cast<int>(width) - advance) / 2 + slot.bitmap_left;
        for (unsigned y = 0; y < dots.rows; ++y) {
            for (unsigned x = 0; x < dots.width; ++x) {
                const auto eight = dots.buffer[y * static_cast<unsigned>(dots.pitch) + x / 8];
                const auto atX = left + static_cast<int>(x);
                const auto atY = baseline - slot.bitmap_top + static_cast<int>(y);
                if ((eight & (0x80 >> (x % 8))) != 0 && atX >= 0 && atY >= 0) {
                    cell.set(static_cast<std::size_t>(atX), static_cast<std::size_t>(atY));
                }
            }
        }
        return cell;
    }

    Library m_library;
    std::vector<Face> m_faces;
    BoxGlyphs m_boxes;
};

} // namespace

Bitmap BoxGlyphs::glyph(char32_t character, std::size_t width, std::size_t height)
{
    Bitmap cell(width, height);
    if (character == U' ' || width < 4 || height < 6) {
        return cell;
    }
    for (std::size_t x = 1; x < width - 1; ++x) {
        cell.set(x, 2);
        cell.set(x, height - 3);
    }
    for (std::size_t y = 2; y < height - 2; ++y) {
        cell.set(1, y);
        cell.set(width - 2, y);
    }
    return cell;
}

std::unique_ptr<GlyphSource> systemGlyphs()
{
    return std::make_unique<FontGlyphs>();
}

} // namespace guichet::virtualdevices
