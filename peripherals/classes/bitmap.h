// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/base/bytes.h"

/// A picture of black dots on white paper, as print heads take it.
namespace guichet {

/// One bit a dot, 1 is black, leftmost dot in the highest bit, each row padded to whole bytes.
class Bitmap {
public:
    /// All white. `width` and `height` in dots, both at least 1.
    Bitmap(int width, int height);

    [[nodiscard]] int width() const { return m_width; }
    [[nodiscard]] int height() const { return m_height; }
    [[nodiscard]] int bytesPerRow() const { return (m_width + 7) / 8; }
    /// Rows from `first`, `count` of them, one after the other.
    [[nodiscard]] ByteView rows(int first, int count) const;

    /// Dots outside the picture are white and stay so.
    [[nodiscard]] bool black(int x, int y) const;
    void setBlack(int x, int y);
    void fill(int x, int y, int width, int height);

    /// A copy of the upper `height` rows (all of them if there are fewer).
    [[nodiscard]] Bitmap cropped(int height) const;

    [[nodiscard]] bool operator==(const Bitmap&) const = default;

private:
    /// Where the byte with that dot is.
    [[nodiscard]] std::size_t place(int x, int y) const
    {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(bytesPerRow()) +
               static_cast<std::size_t>(x / 8);
    }

    int m_width;
    int m_height;
    Bytes m_rows;
};

/// The picture as a binary PBM file (P4), which every picture program reads.
[[nodiscard]] Bytes toPbm(const Bitmap& bitmap);

} // namespace guichet
