// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mrz/ocr_b.h"

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

namespace guichet::test {

namespace {

constexpr double kFixed = 64; // FreeType's positions are 26.6
constexpr std::array kFiles{"OCRB.otf", "OCRBS.otf"};

void must(FT_Error error, const std::string& what)
{
    if (error != 0) {
        throw std::runtime_error("OCR-B: " + what + ": FreeType error " + std::to_string(error) +
                                 "; is fonts-ocr-b installed?");
    }
}

} // namespace

struct OcrB::Face {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    double pitch = 0;
    double bolder = 0;
    double middle = 0; ///< of the capitals above the base line, in pixels
};

OcrB::OcrB(double pitch, Style style, double bolder)
    : m_face(std::make_unique<Face>())
{
    const auto path = std::string("/usr/share/fonts/opentype/ocr-b/") +
                      kFiles.at(static_cast<std::size_t>(style));
    must(FT_Init_FreeType(&m_face->library), "start");
    must(FT_New_Face(m_face->library, path.c_str(), 0, &m_face->face), path);
    auto* face = m_face->face;
    must(FT_Load_Char(face, 'H', FT_LOAD_NO_SCALE), "size");
    const double em = pitch * face->units_per_EM / static_cast<double>(face->glyph->advance.x);
    must(FT_Set_Char_Size(face, 0, std::lround(em * kFixed), 72, 72), "size");
    must(FT_Load_Char(face, 'H', FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP), "capital");
    m_face->middle = static_cast<double>(face->glyph->metrics.horiBearingY) / kFixed / 2;
    m_face->pitch = pitch;
    m_face->bolder = bolder;
}

OcrB::~OcrB()
{
    FT_Done_Face(m_face->face);
    FT_Done_FreeType(m_face->library);
}

double OcrB::pitch() const
{
    return m_face->pitch;
}

void OcrB::print(cv::Mat& gray, std::string_view line, cv::Point2d first, double ink) const
{
    auto* face = m_face->face;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const double x = first.x + m_face->pitch * (static_cast<double>(i) - 0.5);
        const double y = first.y + m_face->middle;
        must(FT_Load_Char(face, static_cast<FT_ULong>(line[i]),
                          FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP),
             "letter");
        auto& outline = face->glyph->outline;
        const auto strength = std::lround(m_face->bolder * m_face->pitch * kFixed);
        FT_Outline_Embolden(&outline, strength);
        FT_Outline_Translate(&outline, std::lround((x - std::floor(x)) * kFixed) - strength / 2,
                             std::lround((std::ceil(y) - y) * kFixed) - strength / 2);
        must(FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL), "drawing");
        const auto& bitmap = face->glyph->bitmap;
        const int left = static_cast<int>(std::floor(x)) + face->glyph->bitmap_left;
        const int top = static_cast<int>(std::ceil(y)) - face->glyph->bitmap_top;
        for (int row = 0; row < static_cast<int>(bitmap.rows); ++row) {
            for (int column = 0; column < static_cast<int>(bitmap.width); ++column) {
                if (left + column < 0 || top + row < 0 || left + column >= gray.cols ||
                    top + row >= gray.rows) {
                    continue;
                }
                const double cover = bitmap.buffer[row * bitmap.pitch + column] / 255.0;
                auto& pixel = gray.at<float>(top + row, left + column);
                pixel += static_cast<float>((ink - pixel) * cover);
            }
        }
    }
}

} // namespace guichet::test
