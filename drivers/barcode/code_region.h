// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <opencv2/core.hpp>

/// Where a code may be. Internal to the family: OpenCV's types stay in it.
namespace guichet::barcode {

/// The largest part of the picture in which brightness changes as densely as in a code, to about
/// 16 pixels. `gray` is CV_8U.
[[nodiscard]] std::optional<cv::RotatedRect> findRegion(const cv::Mat& gray);

} // namespace guichet::barcode
