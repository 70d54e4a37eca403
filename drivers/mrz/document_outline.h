// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include <opencv2/core.hpp>

/// Where a document lies in a picture. Internal to the family: OpenCV's types stay in it.
namespace guichet::mrz {

/// The corners, clockwise in the picture; the first two are the ends of a long side.
using DocumentOutline = std::array<cv::Point2f, 4>;

/// The largest thing with four straight sides, a sixteenth of the picture or more, that has the
/// shape of a card, a booklet's page or an open booklet, seen at up to 40 degrees from above.
/// `gray` is CV_8U.
[[nodiscard]] std::optional<DocumentOutline> findOutline(const cv::Mat& gray);

/// What lies within, seen straight from above, its long side across, as fine as it was. It may be
/// upside down.
[[nodiscard]] cv::Mat straightened(const cv::Mat& gray, const DocumentOutline& outline);

} // namespace guichet::mrz
