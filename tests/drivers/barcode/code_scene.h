// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "drivers/barcode/code_reader.h"

namespace guichet::test {

/// A code as modules: true is dark.
struct Modules {
    int width = 0;
    int height = 0;
    std::vector<bool> dark;
    int quiet = 4; ///< modules of margin
};

[[nodiscard]] Modules qrModules(const std::string& text);
/// A code of any kind, with the margin that its kind wants.
[[nodiscard]] Modules codeModules(barcode::Symbology symbology, const std::string& text);

/// How a camera sees it, in a frame of 1280x720 over a cluttered background.
struct Sight {
    double degrees = 0;    ///< turned by
    double size = 320;     ///< pixels of its longer side
    double right = 0;      ///< pixels from the middle of the frame
    double down = 0;       ///< likewise
    double aslant = 0;     ///< 0: from the front; 0.4: the far side is 40 % shorter
    double blur = 0;       ///< sigma, pixels
    double light = 1;      ///< 0.15: dim
    double noise = 0;      ///< amplitude in grey levels
    bool inverted = false; ///< light on dark
    double glare = 0;      ///< radius of a lamp's reflection beside the middle, pixels
    double motion = 0;     ///< pixels that it moves to the right while the picture is taken
    unsigned seed = 1;     ///< of the noise
};

struct Scene {
    static constexpr int kWidth = 1280, kHeight = 720;
    Bytes pixels;
    [[nodiscard]] barcode::LuminanceView view() const { return {pixels, kWidth, kHeight, kWidth}; }
};
[[nodiscard]] Scene sceneOf(const Modules& modules, const Sight& sight);

} // namespace guichet::test
