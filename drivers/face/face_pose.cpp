// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_pose.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace guichet::face {

namespace {

constexpr double kLevel = 0.2;  ///< of the face's width: more is no pair
constexpr double kApart = 0.25; ///< the same: less is no pair
constexpr double kAlike = 1.8;  ///< times that one eye may be larger
constexpr double kNoseAside =
    0.3; ///< tip of the nose from the middle of the eyes, by their distance
constexpr std::size_t kRow = 15;
constexpr float kMostPixels = 16384;

struct Point {
    double x = 0, y = 0;
};

Point middleOf(const Box& box)
{
    return {box.x + box.width / 2.0, box.y + box.height / 2.0};
}

/// Of the line through both eyes.
double tiltOf(Point left, Point right)
{
    return std::atan2(right.y - left.y, right.x - left.x) * 180 / std::numbers::pi;
}

bool pairs(const Box& left, const Box& right, const Box& face)
{
    const auto one = middleOf(left), other = middleOf(right);
    const double middle = middleOf(face).x;
    return one.x < middle && other.x > middle && other.x - one.x > kApart * face.width &&
           std::abs(one.y - other.y) < kLevel * face.width &&
           std::max(left.width, right.width) < kAlike * std::min(left.width, right.width);
}

} // namespace

std::optional<std::pair<Box, Box>> pairOfEyes(const std::vector<Box>& candidates, const Box& face)
{
    std::optional<std::pair<Box, Box>> best;
    double most = 0;
    for (const auto& left : candidates) {
        for (const auto& right : candidates) {
            const double slant = std::abs(middleOf(left).y - middleOf(right).y);
            if (pairs(left, right, face) && (!best || slant < most)) {
                best = {left, right};
                most = slant;
            }
        }
    }
    return best;
}

FoundFace faceWithEyes(const Box& face, const std::vector<Box>& candidates)
{
    const auto eyes = pairOfEyes(candidates, face);
    if (!eyes) {
        return {.box = face, .eyes = candidates.empty() ? 0 : 1};
    }
    const auto left = middleOf(eyes->first), right = middleOf(eyes->second);
    return {.box = face, .eyes = 2, .tilt = tiltOf(left, right)};
}

std::optional<FoundFace> faceOfRow(std::span<const float> row)
{
    const auto possible = [](float value) { return std::abs(value) < kMostPixels; }; // not of NaN
    if (row.size() != kRow || !std::ranges::all_of(row, possible) || row[2] < 1 || row[3] < 1) {
        return std::nullopt;
    }
    const auto whole = [&row](std::size_t at) { return static_cast<int>(std::lround(row[at])); };
    // The person's right eye is the left one in the picture.
    const Point left{row[4], row[5]}, right{row[6], row[7]}, nose{row[8], row[9]};
    const double apart = std::hypot(right.x - left.x, right.y - left.y);
    const double aside = ((nose.x - (left.x + right.x) / 2) * (right.x - left.x) +
                          (nose.y - (left.y + right.y) / 2) * (right.y - left.y)) /
                         std::max(1.0, apart * apart);
    return FoundFace{.box = {whole(0), whole(1), whole(2), whole(3)},
                     .turned = apart < 1 || std::abs(aside) > kNoseAside,
                     .eyes = 2,
                     .tilt = tiltOf(left, right)};
}

} // namespace guichet::face
