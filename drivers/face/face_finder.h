// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "peripherals/classes/camera.h"

/// Whether somebody stands before a camera so that a person, or a program, could know the face.
namespace guichet::face {

struct Box {
    int x = 0, y = 0, width = 0, height = 0; ///< pixels of the frame

    [[nodiscard]] bool operator==(const Box&) const = default;
};

struct FoundFace {
    Box box;             ///< from the brows to the chin
    bool turned = false; ///< to a side: not, or not only, seen from the front
    int eyes = 0;        ///< seen of a face from the front
    double tilt = 0;     ///< degrees that its left eye in the picture stands above the right one

    [[nodiscard]] bool operator==(const FoundFace&) const = default;
};

/// Finds faces. Thread-bound.
class FaceFinder {
public:
    virtual ~FaceFinder() = default;
    /// All it finds, in any order; none in a frame without its pixels.
    [[nodiscard]] virtual std::vector<FoundFace> find(const CameraFrame& frame) = 0;
    /// By what it finds them: "cascades" or "yunet".
    [[nodiscard]] virtual std::string_view name() const = 0;
};

/// Says how alike two faces are. Thread-bound.
class FaceMatcher {
public:
    virtual ~FaceMatcher() = default;
    /// Cosine of the largest face of each, -1 to 1. Errc::NotFound: one of the two has no face.
    [[nodiscard]] virtual Result<double> compare(const CameraFrame& one,
                                                 const CameraFrame& other) = 0;
};

} // namespace guichet::face
