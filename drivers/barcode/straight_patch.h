// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

/// A code as if it lay straight. Internal to the family: OpenCV's types stay in it.
namespace guichet::barcode {

/// What is in `region`, its edges turned upright and its perspective taken out, with a margin
/// around it, in about as many pixels whatever its size. Empty if there is nothing to go by.
/// `gray` is CV_8U.
[[nodiscard]] cv::Mat straightPatch(const cv::Mat& gray, const cv::RotatedRect& region);

} // namespace guichet::barcode
