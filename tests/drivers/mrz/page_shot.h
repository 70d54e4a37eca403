// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string_view>

#include <opencv2/core.hpp>

#include "drivers/mrz/gray_view.h"
#include "tests/drivers/mrz/page_picture.h"

namespace guichet::test {

/// How a camera sees a page. Angles in degrees, lengths in pixels; each is the worst that may be.
struct View {
    std::string_view name;
    int width = 1280, height = 720;
    double pitchLow = 16, pitchHigh = 20;
    double turn = 0;
    double perspective = 0;  ///< a corner's shift, as part of the page's width
    double blur = 0;         ///< sigma
    double motion = 0;       ///< way during the exposure
    double noise = 0;        ///< sigma, in gray levels
    double shade = 0;        ///< how much darker one side is
    double glare = 0;        ///< how likely a lamp's reflection is, over the zone or elsewhere
    int jpeg = 0;            ///< quality; 0: not compressed
    bool upsideDown = false; ///< half of the shots
};

/// The sets in which readers are measured, from the easiest to the hardest.
inline constexpr View kClean{.name = "clean", .pitchLow = 24, .pitchHigh = 26};
inline constexpr View kEasy{
    .name = "easy", .pitchLow = 20, .pitchHigh = 20, .turn = 2, .blur = 0.6, .noise = 3};
inline constexpr View kCamera{.name = "camera",
                              .pitchLow = 16,
                              .pitchHigh = 20,
                              .turn = 5,
                              .perspective = 0.01,
                              .blur = 0.9,
                              .noise = 5,
                              .shade = 0.4,
                              .jpeg = 80};
inline constexpr View kLow{.name = "low",
                           .pitchLow = 11,
                           .pitchHigh = 11,
                           .turn = 3,
                           .blur = 0.7,
                           .noise = 4,
                           .shade = 0.3,
                           .jpeg = 85};
inline constexpr View kHard{.name = "hard",
                            .pitchLow = 12,
                            .pitchHigh = 13,
                            .turn = 6,
                            .perspective = 0.015,
                            .blur = 1.0,
                            .motion = 3,
                            .noise = 9,
                            .shade = 0.5,
                            .glare = 0.6,
                            .jpeg = 60};

struct Shot {
    cv::Mat gray;
    cv::Matx33d fromPage; ///< where a point of the page is in the picture
    bool glareOnZone = false;
};

/// The resolution at which to print for such a view.
[[nodiscard]] double printResolution(std::mt19937& random, const View& view);

/// One picture of `page`: each call places and spoils it anew.
[[nodiscard]] Shot photograph(std::mt19937& random, const Page& page, const View& view);

/// Borrows the picture.
[[nodiscard]] mrz::GrayView viewOf(const cv::Mat& gray);

} // namespace guichet::test
