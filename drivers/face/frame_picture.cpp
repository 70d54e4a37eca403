// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/frame_picture.h"

#include <array>

#include <opencv2/imgproc.hpp>

namespace guichet::face {

namespace {

constexpr int kMostSide = 8192;

cv::Mat planeOf(const CameraFrame& frame, std::size_t at, cv::Size size, int stride)
{
    // OpenCV has no view of constant pixels; nothing here writes.
    auto* pixels = const_cast<std::byte*>(frame.pixels.data()) + at;
    return {size.height, size.width, CV_8U, pixels, static_cast<std::size_t>(stride)};
}

} // namespace

bool isWhole(const CameraFrame& frame)
{
    if (frame.width <= 0 || frame.height <= 0 || frame.stride < frame.width ||
        frame.stride > kMostSide || frame.height > kMostSide) {
        return false;
    }
    const auto stride = static_cast<std::size_t>(frame.stride);
    const auto height = static_cast<std::size_t>(frame.height);
    return frame.pixels.size() >= stride * height + 2 * ((stride + 1) / 2) * ((height + 1) / 2);
}

cv::Mat luminanceOf(const CameraFrame& frame)
{
    return planeOf(frame, 0, {frame.width, frame.height}, frame.stride);
}

cv::Mat toBgr(const CameraFrame& frame)
{
    const int half = (frame.stride + 1) / 2;
    const cv::Size colour((frame.width + 1) / 2, (frame.height + 1) / 2);
    const auto u = static_cast<std::size_t>(frame.stride) * static_cast<std::size_t>(frame.height);
    const auto v = u + static_cast<std::size_t>(half) * static_cast<std::size_t>(colour.height);
    std::array<cv::Mat, 3> planes{luminanceOf(frame), planeOf(frame, v, colour, half),
                                  planeOf(frame, u, colour, half)}; // Y, Cr, Cb
    for (auto* plane : {&planes[1], &planes[2]}) {
        cv::Mat whole;
        cv::resize(*plane, whole, colour * 2, 0, 0, cv::INTER_LINEAR);
        *plane = whole({0, 0, frame.width, frame.height});
    }
    cv::Mat picture;
    cv::merge(planes.data(), planes.size(), picture);
    cv::cvtColor(picture, picture, cv::COLOR_YCrCb2BGR);
    return picture;
}

} // namespace guichet::face
