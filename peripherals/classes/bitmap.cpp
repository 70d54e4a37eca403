// SPDX-License-Identifier: Apache-2.0
#include "peripherals/classes/bitmap.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

namespace guichet {

Bitmap::Bitmap(int width, int height)
    : m_width(width)
    , m_height(height)
{
    assert(width > 0 && height > 0);
    m_rows.resize(static_cast<std::size_t>(bytesPerRow()) * static_cast<std::size_t>(height));
}

ByteView Bitmap::rows(int first, int count) const
{
    const auto row = static_cast<std::size_t>(bytesPerRow());
    return ByteView(m_rows).subspan(static_cast<std::size_t>(first) * row,
                                    static_cast<std::size_t>(count) * row);
}

bool Bitmap::black(int x, int y) const
{
    if (x < 0 || y < 0 || x >= m_width || y >= m_height) {
        return false;
    }
    const auto byte = m_rows[place(x, y)];
    return (byte & (std::byte{0x80} >> (x % 8))) != std::byte{0};
}

void Bitmap::setBlack(int x, int y)
{
    if (x < 0 || y < 0 || x >= m_width || y >= m_height) {
        return;
    }
    m_rows[place(x, y)] |= std::byte{0x80} >> (x % 8);
}

void Bitmap::fill(int x, int y, int width, int height)
{
    for (int row = y; row < y + height; ++row) {
        for (int column = x; column < x + width; ++column) {
            setBlack(column, row);
        }
    }
}

Bitmap Bitmap::cropped(int height) const
{
    Bitmap result(m_width, std::clamp(height, 1, m_height));
    std::copy_n(m_rows.begin(), result.m_rows.size(), result.m_rows.begin());
    return result;
}

Bytes toPbm(const Bitmap& bitmap)
{
    const auto header = fmt::format("P4\n{} {}\n", bitmap.width(), bitmap.height());
    const auto head = asBytes(header);
    const auto rows = bitmap.rows(0, bitmap.height());
    Bytes file(head.begin(), head.end());
    file.insert(file.end(), rows.begin(), rows.end());
    return file;
}

} // namespace guichet
