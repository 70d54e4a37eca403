// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "peripherals/base/bytes.h"

/// Codes in pictures: no I/O, no clock.
namespace guichet::barcode {

enum class Symbology { QrCode, Aztec, DataMatrix, Pdf417, Code128 };

/// Luminance of a picture, borrowed; a row starts every `stride` bytes.
struct LuminanceView {
    ByteView pixels;
    int width = 0;
    int height = 0;
    int stride = 0;
};

struct Code {
    Symbology symbology = Symbology::QrCode;
    Bytes bytes; ///< exactly what is in the code

    [[nodiscard]] bool operator==(const Code&) const = default;
};

/// Looks for one code of the `wanted` kinds, dark on light and light on dark, in any direction.
/// Nothing if there is none, it cannot be read, or the view is larger than its pixels.
/// A frame of 1280x720 takes 2 to 6 ms, the more the more kinds are wanted. Any thread.
[[nodiscard]] std::optional<Code> readCode(const LuminanceView& view,
                                           const std::vector<Symbology>& wanted);

} // namespace guichet::barcode
