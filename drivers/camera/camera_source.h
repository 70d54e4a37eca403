// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "drivers/camera/pipeline_plan.h"
#include "peripherals/classes/camera.h"

namespace guichet::camera {

/// Opens v4l2:/dev/NAME, file:PATH (a picture again and again, or a folder's pictures in turn),
/// http://... (MJPEG) or rtsp://... Frames have `size`. Fails with Errc::Invalid (no such kind of
/// address), Errc::NotFound (no picture), Errc::Unsupported (a plugin is missing),
/// Errc::Disconnected, Errc::Denied, Errc::Busy (another program films) or Errc::Timeout (no first
/// frame within 5 s). No detail repeats the address.
[[nodiscard]] Result<std::unique_ptr<Camera>> openCamera(const std::string& uri,
                                                         FrameSize size = {});

} // namespace guichet::camera
