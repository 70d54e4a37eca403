// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "drivers/mrz/cell_picture.h"
#include "drivers/mrz/zone_finder.h"

namespace guichet::mrz {

/// The cells of a zone, row by row. Rows and letters are equally far apart but for the slant view.
struct CellGrid {
    int rows = 0, columns = 0;
    std::vector<Cell> cells;
    double pitch = 0;    ///< pixels from letter to letter, mean
    double contrast = 0; ///< how much more print there is in cells than between them; at most 1
};

/// Lays a grid of each size that the block could be, 3 x 30, 2 x 36 and 2 x 44, and gives those
/// whose cells hold the print, the best first. `gray` is CV_8U.
[[nodiscard]] std::vector<CellGrid> fitGrids(const cv::Mat& gray, const TextBlock& block);

} // namespace guichet::mrz
