// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/cell_picture.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace guichet::mrz {

namespace {

constexpr float kLeastDeviation = 4; ///< gray levels; below, there is only noise

float grayAt(const GrayView& view, double x, double y)
{
    x = std::clamp(x, 0.0, view.width - 1.0);
    y = std::clamp(y, 0.0, view.height - 1.0);
    const int left = std::min(static_cast<int>(x), view.width - 2);
    const int top = std::min(static_cast<int>(y), view.height - 2);
    const auto* row = view.pixels.data() + std::ptrdiff_t{top} * view.stride + left;
    const auto gray = [row](std::ptrdiff_t at) { return std::to_integer<int>(row[at]); };
    const double right = x - left;
    const double low = y - top;
    const double above = gray(0) + (gray(1) - gray(0)) * right;
    const double below = gray(view.stride) + (gray(view.stride + 1) - gray(view.stride)) * right;
    return static_cast<float>(above + (below - above) * low);
}

} // namespace

CutCell cutCell(const GrayView& view, const Cell& cell)
{
    CutCell cut;
    auto& picture = cut.picture;
    std::size_t at = 0;
    for (int row = 0; row < kCellRows; ++row) {
        const double down = (row - (kCellRows - 1) / 2.0) / kCellPitch;
        for (int column = 0; column < kCellColumns; ++column) {
            const double right = (column - (kCellColumns - 1) / 2.0) / kCellPitch;
            picture[at++] = grayAt(view, cell.middle.x + right * cell.right.x + down * cell.down.x,
                                   cell.middle.y + right * cell.right.y + down * cell.down.y);
        }
    }
    const auto count = static_cast<float>(picture.size());
    cut.mean = std::accumulate(picture.begin(), picture.end(), 0.0F) / count;
    float square = 0;
    for (auto& pixel : picture) {
        pixel -= cut.mean;
        square += pixel * pixel;
    }
    cut.deviation = std::sqrt(square / count);
    const float scale = 1 / std::max(kLeastDeviation, cut.deviation);
    for (auto& pixel : picture) {
        pixel *= scale;
    }
    for (std::size_t i = 1; i < picture.size(); ++i) {
        if (i % kCellColumns != 0) {
            cut.edge = std::max(cut.edge, std::abs(picture[i] - picture[i - 1]));
        }
    }
    return cut;
}

} // namespace guichet::mrz
