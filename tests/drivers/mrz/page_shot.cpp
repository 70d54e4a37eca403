// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mrz/page_shot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

#include <opencv2/imgproc.hpp>
#include <turbojpeg.h>

namespace guichet::test {

namespace {

constexpr double kFiner = 1.4; ///< a page is printed finer than the camera sees it

cv::Mat desk(std::mt19937& random, cv::Size size)
{
    cv::Mat rough(9, 16, CV_32F);
    const double level = between(random, 20, 190);
    const double depth = between(random, 0, 40);
    for (auto& pixel : cv::Mat_<float>(rough)) {
        pixel = static_cast<float>(level + between(random, -depth, depth));
    }
    cv::Mat gray;
    cv::resize(rough, gray, size, 0, 0, random() % 2 == 0 ? cv::INTER_CUBIC : cv::INTER_NEAREST);
    return gray;
}

cv::Matx33d placed(std::mt19937& random, const Page& page, const View& view)
{
    const double scale = 1 / kFiner;
    const cv::Size2d size(page.gray.cols * scale, page.gray.rows * scale);
    double angle = between(random, -view.turn, view.turn);
    if (view.upsideDown && random() % 2 == 0) {
        angle += 180;
    }
    const double radians = angle * std::numbers::pi / 180;
    const double halfWidth =
        (std::abs(std::cos(radians)) * size.width + std::abs(std::sin(radians)) * size.height) / 2;
    const double halfHeight =
        (std::abs(std::sin(radians)) * size.width + std::abs(std::cos(radians)) * size.height) / 2;
    const double slackX = std::max(0.0, view.width / 2.0 - halfWidth);
    // A page higher than the frame lies with its foot in it.
    const double room = view.height / 2.0 - halfHeight;
    const double foot = std::cos(radians) > 0 ? -1 : 1;
    const cv::Point2d middle(view.width / 2.0 + between(random, -slackX, slackX),
                             view.height / 2.0 +
                                 (room > 0 ? between(random, -room, room) : -foot * room));
    std::array<cv::Point2f, 4> from;
    std::array<cv::Point2f, 4> to;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const double right = i == 1 || i == 2 ? 1 : 0;
        const double low = i >= 2 ? 1 : 0;
        from.at(i) = cv::Point2f(static_cast<float>(right * page.gray.cols),
                                 static_cast<float>(low * page.gray.rows));
        const double shift = view.perspective * size.width;
        const double x = (right - 0.5) * size.width + between(random, -shift, shift);
        const double y = (low - 0.5) * size.height + between(random, -shift, shift);
        to.at(i) = cv::Point2f(
            static_cast<float>(middle.x + x * std::cos(radians) - y * std::sin(radians)),
            static_cast<float>(middle.y + x * std::sin(radians) + y * std::cos(radians)));
    }
    return cv::getPerspectiveTransform(from.data(), to.data());
}

void shade(std::mt19937& random, cv::Mat& gray, double most)
{
    const double depth = between(random, 0, most);
    const double direction = between(random, 0, 2 * std::numbers::pi);
    const double exposure = between(random, 0.75, 1.05);
    for (int y = 0; y < gray.rows; ++y) {
        auto* row = gray.ptr<float>(y);
        for (int x = 0; x < gray.cols; ++x) {
            const double side = 0.5 + (x * 1.0 / gray.cols - 0.5) * std::cos(direction) +
                                (y * 1.0 / gray.rows - 0.5) * std::sin(direction);
            row[x] *= static_cast<float>(exposure * (1 - depth * side));
        }
    }
}

void glare(std::mt19937& random, cv::Mat& gray, cv::Point2d middle)
{
    cv::Mat light(gray.size(), CV_32F, cv::Scalar(0));
    const cv::Size axes(cvRound(between(random, 25, 90)), cvRound(between(random, 12, 40)));
    cv::ellipse(light, middle, axes, between(random, 0, 180), 0, 360, between(random, 200, 420),
                cv::FILLED);
    cv::GaussianBlur(light, light, {}, between(random, 6, 16));
    gray += light;
}

void move(std::mt19937& random, cv::Mat& gray, double longest)
{
    const double way = between(random, 0, longest);
    const double direction = between(random, 0, std::numbers::pi);
    constexpr int kSide = 9;
    cv::Mat kernel(kSide, kSide, CV_32F, cv::Scalar(0));
    constexpr int kSteps = 60;
    for (int step = 0; step < kSteps; ++step) {
        const double at = way * (step / (kSteps - 1.0) - 0.5);
        const double x = kSide / 2 + at * std::cos(direction);
        const double y = kSide / 2 + at * std::sin(direction);
        const int left = static_cast<int>(x);
        const int top = static_cast<int>(y);
        for (const auto& [dx, dy] : {std::pair(0, 0), {1, 0}, {0, 1}, {1, 1}}) {
            const double weight = (1 - std::abs(x - left - dx)) * (1 - std::abs(y - top - dy));
            kernel.at<float>(top + dy, left + dx) += static_cast<float>(weight / kSteps);
        }
    }
    cv::filter2D(gray, gray, -1, kernel);
}

void addNoise(std::mt19937& random, cv::Mat& gray, double sigma)
{
    cv::RNG source(random());
    cv::Mat noise(gray.size(), CV_32F);
    source.fill(noise, cv::RNG::NORMAL, 0, sigma);
    gray += noise;
}

cv::Mat compressed(const cv::Mat& gray, int quality)
{
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const auto writer = std::unique_ptr<void, int (*)(void*)>(tjInitCompress(), tjDestroy);
    const auto reader = std::unique_ptr<void, int (*)(void*)>(tjInitDecompress(), tjDestroy);
    cv::Mat result(gray.size(), CV_8U);
    const bool bad =
        tjCompress2(writer.get(), gray.data, gray.cols, static_cast<int>(gray.step), gray.rows,
                    TJPF_GRAY, &bytes, &size, TJSAMP_GRAY, quality, 0) != 0 ||
        tjDecompress2(reader.get(), bytes, size, result.data, result.cols,
                      static_cast<int>(result.step), result.rows, TJPF_GRAY, 0) != 0;
    tjFree(bytes);
    if (bad) {
        throw std::runtime_error("a shot could not be compressed");
    }
    return result;
}

} // namespace

double printResolution(std::mt19937& random, const View& view)
{
    return between(random, view.pitchLow, view.pitchHigh) * kFiner / kPitchMm;
}

Shot photograph(std::mt19937& random, const Page& page, const View& view)
{
    Shot shot;
    shot.fromPage = placed(random, page, view);
    auto gray = desk(random, {view.width, view.height});
    cv::Mat print;
    page.gray.convertTo(print, CV_32F);
    cv::GaussianBlur(print, print, {}, kFiner * 0.35); // what one pixel of the camera takes in
    cv::warpPerspective(print, gray, shot.fromPage, gray.size(), cv::INTER_LINEAR,
                        cv::BORDER_TRANSPARENT);
    shade(random, gray, view.shade);
    if (between(random, 0, 1) < view.glare) {
        const cv::Point2d onPage(
            page.firstCell.x + page.pitch * between(random, 0, page.columns - 1),
            page.firstCell.y + between(random, -6, 1.3) * page.spacing * (page.rows - 1));
        const auto at = shot.fromPage * cv::Vec3d(onPage.x, onPage.y, 1);
        shot.glareOnZone = onPage.y > page.firstCell.y - page.spacing * 0.5;
        glare(random, gray, {at[0] / at[2], at[1] / at[2]});
    }
    if (view.blur > 0) {
        cv::GaussianBlur(gray, gray, {}, std::max(0.05, between(random, 0, view.blur)));
    }
    if (view.motion > 0) {
        move(random, gray, view.motion);
    }
    addNoise(random, gray, between(random, view.noise * 0.4, view.noise));
    gray.convertTo(shot.gray, CV_8U);
    if (view.jpeg > 0) {
        shot.gray = compressed(shot.gray, view.jpeg);
    }
    return shot;
}

mrz::GrayView viewOf(const cv::Mat& gray)
{
    return {std::as_bytes(std::span(gray.data, gray.total())), gray.cols, gray.rows,
            static_cast<int>(gray.step)};
}

} // namespace guichet::test
