// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "peripherals/base/bytes.h"

namespace guichet::virtualdevices {

/// Black dots on white paper, eight to a byte, the leftmost in the highest bit.
class Bitmap {
public:
    Bitmap() = default;
    explicit Bitmap(std::size_t width, std::size_t height = 0)
        : m_width(width)
        , m_rowBytes((width + 7) / 8)
        , m_dots(m_rowBytes * height)
    {
    }

    [[nodiscard]] std::size_t width() const { return m_width; }
    [[nodiscard]] std::size_t height() const { return m_rowBytes ? m_dots.size() / m_rowBytes : 0; }
    [[nodiscard]] std::size_t rowBytes() const { return m_rowBytes; }
    [[nodiscard]] ByteView row(std::size_t y) const
    {
        return ByteView(m_dots).subspan(y * m_rowBytes, m_rowBytes);
    }
    [[nodiscard]] bool dot(std::size_t x, std::size_t y) const;
    /// Outside the picture nothing happens.
    void set(std::size_t x, std::size_t y, bool black = true);
    /// One row more; what is missing on the right stays white, what is too much is cut off.
    void append(ByteView row);
    void appendBlank(std::size_t rows);
    /// Draws `other` with its upper left corner at (x, y), over what is there.
    void draw(const Bitmap& other, std::size_t x, std::size_t y);
    /// Takes the rows above `y` away and returns them.
    [[nodiscard]] Bitmap cutTop(std::size_t y);
    [[nodiscard]] bool blank() const;

private:
    std::size_t m_width = 0;
    std::size_t m_rowBytes = 0;
    Bytes m_dots;
};

/// Each dot becomes a rectangle of `horizontal` x `vertical` dots.
[[nodiscard]] Bitmap scaled(const Bitmap& picture, std::size_t horizontal, std::size_t vertical);

/// A grey PNG file, black on white. Fails with Errc::Invalid for an empty picture.
[[nodiscard]] Result<Bytes> toPng(const Bitmap& picture);

} // namespace guichet::virtualdevices
