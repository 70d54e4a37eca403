// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "drivers/face/face_finder.h"

/// What the places of eyes and nose say of a face. Pure.
namespace guichet::face {

/// The two of what may be eyes that lie as a pair in a face: one on each side, level and of a size.
/// All boxes are of the same picture; the left one comes first.
[[nodiscard]] std::optional<std::pair<Box, Box>> pairOfEyes(const std::vector<Box>& candidates,
                                                            const Box& face);

/// A face from the front, with what was found of its eyes.
[[nodiscard]] FoundFace faceWithEyes(const Box& face, const std::vector<Box>& candidates);

/// A row of YuNet: x, y, width, height, then x and y of right eye, left eye, tip of the nose, right
/// and left corner of the mouth, then the score. Nothing: of another length, or not of numbers.
[[nodiscard]] std::optional<FoundFace> faceOfRow(std::span<const float> row);

} // namespace guichet::face
