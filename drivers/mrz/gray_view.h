// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/base/bytes.h"

namespace guichet::mrz {

/// Luminance of a picture, borrowed, one byte a pixel; a row starts every `stride` bytes.
struct GrayView {
    ByteView pixels;
    int width = 0;
    int height = 0;
    int stride = 0;

    /// All rows lie within the pixels.
    [[nodiscard]] bool whole() const
    {
        return width > 0 && height > 0 && stride >= width &&
               (static_cast<std::size_t>(height) - 1) * static_cast<std::size_t>(stride) +
                       static_cast<std::size_t>(width) <=
                   pixels.size();
    }
};

} // namespace guichet::mrz
