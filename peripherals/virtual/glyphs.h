// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/virtual/bitmap.h"

namespace guichet::virtualdevices {

/// Draws characters. Thread-bound.
class GlyphSource {
public:
    virtual ~GlyphSource() = default;
    /// A picture of exactly width x height dots.
    [[nodiscard]] virtual Bitmap glyph(char32_t character, std::size_t width,
                                       std::size_t height) = 0;
};

/// A frame for every character: needs no font.
class BoxGlyphs final : public GlyphSource {
public:
    [[nodiscard]] Bitmap glyph(char32_t character, std::size_t width, std::size_t height) override;
};

/// The fonts of the machine (DejaVu Sans Mono, Noto Sans CJK), frames for what they lack.
[[nodiscard]] std::unique_ptr<GlyphSource> systemGlyphs();

} // namespace guichet::virtualdevices
