// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/bitmap.h"

#include <algorithm>

namespace guichet::virtualdevices {

namespace {

std::byte maskOf(std::size_t x)
{
    return std::byte{0x80} >> (x % 8);
}

} // namespace

bool Bitmap::dot(std::size_t x, std::size_t y) const
{
    return x < m_width && y < height() &&
           (m_dots[y * m_rowBytes + x / 8] & maskOf(x)) != std::byte{0};
}

void Bitmap::set(std::size_t x, std::size_t y, bool black)
{
    if (x >= m_width || y >= height()) {
        return;
    }
    auto& eight = m_dots[y * m_rowBytes + x / 8];
    eight = black ? eight | maskOf(x) : eight & ~maskOf(x);
}

void Bitmap::append(ByteView row)
{
    const auto start = m_dots.size();
    m_dots.resize(start + m_rowBytes);
    std::copy_n(row.begin(), std::min(row.size(), m_rowBytes),
                m_dots.begin() + static_cast<std::ptrdiff_t>(start));
    if (m_width % 8 != 0) {
        m_dots.back() &= std::byte{0xFF} << (8 - m_width % 8);
    }
}

void Bitmap::appendBlank(std::size_t rows)
{
    m_dots.resize(m_dots.size() + rows * m_rowBytes);
}

void Bitmap::draw(const Bitmap& other, std::size_t x, std::size_t y)
{
    for (std::size_t row = 0; row < other.height(); ++row) {
        for (std::size_t column = 0; column < other.width(); ++column) {
            if (other.dot(column, row)) {
                set(x + column, y + row);
            }
        }
    }
}

Bitmap Bitmap::cutTop(std::size_t y)
{
    Bitmap top(m_width);
    const auto end =
        m_dots.begin() + static_cast<std::ptrdiff_t>(std::min(y, height()) * m_rowBytes);
    top.m_dots.assign(m_dots.begin(), end);
    m_dots.erase(m_dots.begin(), end);
    return top;
}

bool Bitmap::blank() const
{
    return std::all_of(m_dots.begin(), m_dots.end(),
                       [](std::byte eight) { return eight == std::byte{0}; });
}

Bitmap scaled(const Bitmap& picture, std::size_t horizontal, std::size_t vertical)
{
    Bitmap result(picture.width() * horizontal, picture.height() * vertical);
    for (std::size_t y = 0; y < result.height(); ++y) {
        for (std::size_t x = 0; x < result.width(); ++x) {
            if (picture.dot(x / horizontal, y / vertical)) {
                result.set(x, y);
            }
        }
    }
    return result;
}

} // namespace guichet::virtualdevices
