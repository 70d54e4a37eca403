// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <opencv2/core.hpp>

/// Where a machine readable zone may be. Internal to the family: OpenCV's types stay in it.
namespace guichet::mrz {

/// A line of print: the middles of its ends.
struct TextRow {
    cv::Point2d left, right;
    double height = 0;

    [[nodiscard]] double length() const { return cv::norm(right - left); }
};

/// Two or three rows, equally long and far apart, from the upper to the lower.
using TextBlock = std::vector<TextRow>;

/// Dark print on lighter ground that lies like a zone, the likeliest first, at most four. Rows may
/// lean by 25 degrees. `gray` is CV_8U.
[[nodiscard]] std::vector<TextBlock> findBlocks(const cv::Mat& gray);

} // namespace guichet::mrz
