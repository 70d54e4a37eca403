// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/classes/camera.h"

namespace guichet::camera {

/// One frame as a JPEG file of at most `mostBytes`: quality 88, and less only where it must be.
/// Fails with Errc::Invalid (a frame without pixels) or Errc::Internal.
[[nodiscard]] Result<Bytes> toJpeg(const CameraFrame& frame, std::size_t mostBytes);

} // namespace guichet::camera
