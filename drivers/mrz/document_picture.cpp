// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/document_picture.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <opencv2/imgproc.hpp>

#include "drivers/mrz/document_outline.h"

namespace guichet::mrz {

namespace {

cv::Mat planeOf(const std::byte* pixels, int width, int height, int stride)
{
    // OpenCV has no view of constant pixels; nothing here writes.
    return {height, width, CV_8U, const_cast<std::byte*>(pixels), static_cast<std::size_t>(stride)};
}

std::array<cv::Mat, 3> planesOf(const CameraFrame& frame)
{
    const int half = (frame.stride + 1) / 2;
    const int width = (frame.width + 1) / 2;
    const int height = (frame.height + 1) / 2;
    const auto* y = frame.pixels.data();
    const auto* u = y + static_cast<std::ptrdiff_t>(frame.stride) * frame.height;
    const auto* v = u + static_cast<std::ptrdiff_t>(half) * height;
    return {planeOf(y, frame.width, frame.height, frame.stride), planeOf(u, width, height, half),
            planeOf(v, width, height, half)};
}

bool whole(const CameraFrame& frame)
{
    if (frame.width <= 0 || frame.height <= 0 || frame.stride < frame.width) {
        return false;
    }
    const auto stride = static_cast<std::size_t>(frame.stride);
    const auto height = static_cast<std::size_t>(frame.height);
    return frame.pixels.size() >= stride * height + 2 * ((stride + 1) / 2) * ((height + 1) / 2);
}

DocumentOutline outlineOf(const Corners& corners, float scale)
{
    DocumentOutline outline;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        outline.at(i) = cv::Point2f(corners.at(i).x, corners.at(i).y) * scale;
    }
    return outline;
}

cv::Mat turnedBack(const cv::Mat& picture, int turned)
{
    cv::Mat result = picture;
    if (turned == 90) {
        cv::rotate(picture, result, cv::ROTATE_90_COUNTERCLOCKWISE);
    } else if (turned == 180) {
        cv::rotate(picture, result, cv::ROTATE_180);
    } else if (turned == 270) {
        cv::rotate(picture, result, cv::ROTATE_90_CLOCKWISE);
    }
    return result;
}

float lengthOf(const Corner& from, const Corner& to)
{
    return std::hypot(to.x - from.x, to.y - from.y);
}

} // namespace

std::optional<Corners> findDocument(const GrayView& view)
{
    if (!view.whole()) {
        return std::nullopt;
    }
    const auto outline =
        findOutline(planeOf(view.pixels.data(), view.width, view.height, view.stride));
    if (!outline) {
        return std::nullopt;
    }
    Corners corners;
    std::ranges::transform(*outline, corners.begin(), [](const cv::Point2f& point) {
        return Corner{point.x, point.y};
    });
    return corners;
}

bool still(const Corners& before, const Corners& now)
{
    constexpr float kPart = 0.01F;
    const float most = kPart * std::max(lengthOf(now[0], now[1]), lengthOf(now[1], now[2]));
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (lengthOf(before.at(i), now.at(i)) > most) {
            return false;
        }
    }
    return true;
}

Result<DocumentPicture> cutDocument(const CameraFrame& frame, const Corners& corners, int turned)
{
    constexpr float kLeastSide = 16;
    const bool area = lengthOf(corners[0], corners[1]) > kLeastSide &&
                      lengthOf(corners[1], corners[2]) > kLeastSide;
    if (!whole(frame) || !area) {
        return fail(Errc::Invalid, "document: a frame without its pixels, or corners of nothing");
    }
    const auto planes = planesOf(frame);
    const auto luminance = turnedBack(straightened(planes[0], outlineOf(corners, 1)), turned);
    DocumentPicture document{.width = luminance.cols / 2 * 2, .height = luminance.rows / 2 * 2};
    const cv::Size size(document.width, document.height);
    const auto append = [&document](const cv::Mat& plane, cv::Size wanted) {
        cv::Mat fitted;
        cv::resize(plane, fitted, wanted, 0, 0, cv::INTER_LINEAR);
        const auto bytes = std::as_bytes(std::span(fitted.data, fitted.total()));
        document.pixels.insert(document.pixels.end(), bytes.begin(), bytes.end());
    };
    append(luminance, size);
    for (const auto& plane : {planes[1], planes[2]}) {
        append(turnedBack(straightened(plane, outlineOf(corners, 0.5F)), turned), size / 2);
    }
    return document;
}

} // namespace guichet::mrz
