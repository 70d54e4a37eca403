// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/code_region.h"

#include <algorithm>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace guichet::barcode {

namespace {

constexpr int kCell = 16; ///< pixels: wider than a bar and the space beside it
/// Of the brightness that the picture spans: where it changes less from one pixel to the next,
/// there are things and their shadows, and noise. Codes reach 0.1 even blurred or in a dim light.
constexpr double kDense = 0.06;
constexpr double kBusy = 0.3; ///< of the way from the least change to the most
constexpr int kFewestCells = 6;
constexpr int kLeastSide = 64; ///< of a picture

/// How much brightness changes in the picture of half the size, a value for each cell.
cv::Mat changes(const cv::Mat& half)
{
    const cv::Size inner(half.cols - 1, half.rows - 1);
    const cv::Mat here = half({{0, 0}, inner});
    cv::Mat across, down;
    cv::absdiff(here, half({{1, 0}, inner}), across);
    cv::absdiff(here, half({{0, 1}, inner}), down);
    cv::Mat cells;
    cv::resize(across + down, cells, half.size() / (kCell / 2), 0, 0, cv::INTER_AREA);
    cv::blur(cells, cells, {3, 3});
    return cells;
}

/// What a tenth of the picture stays below.
double leastOf(const cv::Mat& cells)
{
    std::vector<unsigned char> values(cells.begin<unsigned char>(), cells.end<unsigned char>());
    const auto tenth = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 10);
    std::nth_element(values.begin(), tenth, values.end());
    return *tenth;
}

} // namespace

std::optional<cv::RotatedRect> findRegion(const cv::Mat& gray)
{
    if (std::min(gray.cols, gray.rows) < kLeastSide) {
        return std::nullopt;
    }
    cv::Mat half; // in which noise has gone down as well
    cv::resize(gray, half, gray.size() / 2, 0, 0, cv::INTER_AREA);
    const auto cells = changes(half);
    const double least = leastOf(cells);
    double most = 0, darkest = 0, brightest = 0;
    cv::minMaxLoc(cells, nullptr, &most);
    cv::minMaxLoc(half, &darkest, &brightest);
    if (most - least < (brightest - darkest) * kDense) {
        return std::nullopt;
    }
    cv::Mat labels, figures, middles;
    const int parts = cv::connectedComponentsWithStats(cells > least + (most - least) * kBusy,
                                                       labels, figures, middles);
    int largest = 0, count = kFewestCells - 1;
    for (int i = 1; i < parts; ++i) { // 0 is what is not busy
        if (figures.at<int>(i, cv::CC_STAT_AREA) > count) {
            largest = i;
            count = figures.at<int>(i, cv::CC_STAT_AREA);
        }
    }
    if (largest == 0) {
        return std::nullopt;
    }
    std::vector<cv::Point> busy;
    cv::findNonZero(labels == largest, busy);
    auto region = cv::minAreaRect(busy); // through the middles of the cells
    region.center = (region.center + cv::Point2f(0.5F, 0.5F)) * kCell;
    region.size = (region.size + cv::Size2f(1, 1)) * static_cast<float>(kCell);
    return region;
}

} // namespace guichet::barcode
