// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <opencv2/imgproc.hpp>

#include "drivers/face/frame_picture.h"

namespace guichet::face {

namespace {

constexpr double kPassingBy = 0.5;             ///< of the widest face's width
constexpr double kSmall = 0.18, kLarge = 0.75; ///< of the frame's shorter side
constexpr double kMiddle = 0.25;               ///< how far from the middle, of the frame's side
constexpr double kDark = 60, kBright = 205, kBurnt = 0.12, kSides = 1.7;
constexpr double kSharp = 0.02, kGrain = 1.0; ///< of the sensor, in pixels: no edge
constexpr int kWhite = 250;
constexpr int kMeasuredWidth = 64; ///< what networks that know faces look at

struct Word {
    std::string_view name, advice;
};
constexpr std::array kWords{
    Word{"none", "showFace"},          Word{"several", "onePerson"},
    Word{"tooSmall", "comeCloser"},    Word{"tooLarge", "stepBack"},
    Word{"offCentre", "moveToMiddle"}, Word{"tooDark", "moreLight"},
    Word{"tooBright", "lessLight"},    Word{"uneven", "evenLight"},
    Word{"turned", "lookStraight"},    Word{"blurred", "holdStill"},
    Word{"eyesNotSeen", "showEyes"},   Word{"good", "holdStill"},
};
static_assert(kWords.size() == static_cast<std::size_t>(Verdict::Good) + 1);

/// Without hair, ears and what is behind them.
cv::Rect skinOf(const Box& box)
{
    return {box.x + box.width / 5, box.y + box.height / 5, box.width * 3 / 5, box.height * 3 / 5};
}

double sharpnessOf(const cv::Mat& face)
{
    const double scale = static_cast<double>(kMeasuredWidth) / face.cols;
    cv::Mat even, edges;
    cv::resize(face, even, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::GaussianBlur(even, even, {5, 5}, kGrain);
    cv::Laplacian(even, edges, CV_32F);
    cv::Scalar mean, deviation, edgeMean, edgeDeviation;
    cv::meanStdDev(even, mean, deviation);
    cv::meanStdDev(edges, edgeMean, edgeDeviation);
    const double contrast = deviation[0] * deviation[0];
    return contrast < 1 ? 0 : edgeDeviation[0] * edgeDeviation[0] / contrast;
}

bool offCentre(const CameraFrame& frame, const Box& box)
{
    const double x = std::abs(box.x + box.width / 2.0 - frame.width / 2.0);
    const double y = std::abs(box.y + box.height / 2.0 - frame.height / 2.0);
    return x > kMiddle * frame.width || y > kMiddle * frame.height;
}

Verdict verdictFor(const CameraFrame& frame, const FaceVerdict& seen)
{
    const auto& face = *seen.face;
    const auto& measures = seen.measures;
    return seen.faces > 1                ? Verdict::Several
           : seen.width < kSmall         ? Verdict::TooSmall
           : seen.width > kLarge         ? Verdict::TooLarge
           : offCentre(frame, face.box)  ? Verdict::OffCentre
           : measures.light < kDark      ? Verdict::TooDark
           : measures.light > kBright    ? Verdict::TooBright
           : measures.burnt > kBurnt     ? Verdict::TooBright
           : measures.sides > kSides     ? Verdict::Uneven
           : face.turned                 ? Verdict::Turned
           : measures.sharpness < kSharp ? Verdict::Blurred
           : face.eyes < 2               ? Verdict::EyesNotSeen
                                         : Verdict::Good;
}

} // namespace

std::optional<Measures> measureFace(const CameraFrame& frame, const Box& box)
{
    if (!isWhole(frame)) {
        return std::nullopt;
    }
    const auto area = skinOf(box) & cv::Rect(0, 0, frame.width, frame.height);
    if (area.width < 2 || area.height < 2) {
        return std::nullopt;
    }
    const cv::Mat face = luminanceOf(frame)(area);
    const int half = area.width / 2;
    const double left = cv::mean(face.colRange(0, half))[0] + 1;
    const double right = cv::mean(face.colRange(area.width - half, area.width))[0] + 1;
    return Measures{.light = cv::mean(face)[0],
                    .burnt = static_cast<double>(cv::countNonZero(face > kWhite)) / area.area(),
                    .sides = std::max(left, right) / std::min(left, right),
                    .sharpness = sharpnessOf(face)};
}

FaceVerdict judgeFaces(const CameraFrame& frame, const std::vector<FoundFace>& found)
{
    const auto width = [](const FoundFace& face) { return face.box.width; };
    const auto widest = std::ranges::max_element(found, {}, width);
    if (widest == found.end()) {
        return {};
    }
    const auto measures = measureFace(frame, widest->box);
    if (!measures) {
        return {};
    }
    const auto counts = [&widest](const FoundFace& face) {
        return face.box.width >= kPassingBy * widest->box.width;
    };
    FaceVerdict seen{.faces = static_cast<int>(std::ranges::count_if(found, counts)),
                     .face = *widest,
                     .width = static_cast<double>(widest->box.width) /
                              std::min(frame.width, frame.height),
                     .measures = *measures};
    seen.verdict = verdictFor(frame, seen);
    return seen;
}

std::string_view name(Verdict verdict)
{
    return kWords[static_cast<std::size_t>(verdict)].name;
}

std::string_view adviceFor(Verdict verdict)
{
    return kWords[static_cast<std::size_t>(verdict)].advice;
}

} // namespace guichet::face
