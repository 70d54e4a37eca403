// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrz/gray_view.h"
#include "drivers/mrz/letter_net.h"

namespace guichet::mrz {

struct Point {
    double x = 0, y = 0;
};

/// Where a letter is: its middle, and the ways to the next letter and one such way down.
struct Cell {
    Point middle;
    Point right;
    Point down;
};

struct CutCell {
    CellPicture picture{};
    float mean = 0, deviation = 0; ///< of the gray levels
    float edge = 0;                ///< steepest step from a pixel to its neighbour, in deviations
};

/// What the network gets to see of a cell: straight, with mean 0 and deviation 1. What lies outside
/// `view` is taken from its edge.
[[nodiscard]] CutCell cutCell(const GrayView& view, const Cell& cell);

} // namespace guichet::mrz
