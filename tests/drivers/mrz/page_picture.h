// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

#include <opencv2/core.hpp>

#include "drivers/mrz/mrz_text.h"

namespace guichet::test {

inline constexpr double kPitchMm = 2.54; ///< from letter to letter

/// A number drawn from `low` to `high`.
[[nodiscard]] double between(std::mt19937& random, double low, double high);

/// A page of a document as it is printed, seen straight: photo, captions, guilloches, the zone.
struct Page {
    cv::Mat gray;
    double pxPerMm = 0;
    double pitch = 0;      ///< from letter to letter, in its pixels
    double spacing = 0;    ///< from line to line
    cv::Point2d firstCell; ///< middle of the first letter
    int rows = 0, columns = 0;
    std::string text;
};

/// Prints `text` on a page of the size of `format`. `pxPerMm`: its resolution.
[[nodiscard]] Page printPage(std::mt19937& random, mrz::Format format, const std::string& text,
                             double pxPerMm);

} // namespace guichet::test
