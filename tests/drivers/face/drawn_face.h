// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "peripherals/classes/camera.h"

/// Faces that nobody has: drawn, and shaded enough for what was learnt from real ones.
namespace guichet::test {

struct Sitter {
    cv::Point2d at{0.5, 0.5}; ///< middle of the face, as a part of the picture
    double width = 0.4;       ///< of the face, as a part of the shorter side
    double tilt = 0;          ///< degrees clockwise
    bool profile = false;     ///< looks to the left of the picture
    double light = 1;         ///< of the lamp before the face
    double side = 1;          ///< of the lamp on its right half
    bool glasses = false;     ///< dark ones
};

/// A room with people in it before a camera; gray, as I420.
class DrawnPicture {
public:
    explicit DrawnPicture(cv::Size size = {640, 480});

    DrawnPicture& add(const Sitter& sitter);
    /// As a lens out of focus does it: by a Gaussian of so many pixels.
    DrawnPicture& blur(double sigma);
    DrawnPicture& noise(double sigma, unsigned seed);

    DrawnPicture& mirror();

    [[nodiscard]] const cv::Mat& gray() const { return m_gray; }
    /// Borrows the picture until it is changed.
    [[nodiscard]] CameraFrame frame();

private:
    cv::Mat m_gray;
    Bytes m_pixels;
};

} // namespace guichet::test
