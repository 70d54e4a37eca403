// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "peripherals/classes/camera.h"

namespace guichet::face {

/// All its rows lie within its pixels, and none of its sides is longer than 8192.
[[nodiscard]] bool isWhole(const CameraFrame& frame);
/// Of a whole frame; borrows it.
[[nodiscard]] cv::Mat luminanceOf(const CameraFrame& frame);
/// Of a whole frame, as the networks want it.
[[nodiscard]] cv::Mat toBgr(const CameraFrame& frame);

} // namespace guichet::face
