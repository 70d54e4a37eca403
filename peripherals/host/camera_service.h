// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our camera offers to XFS4IoT clients: stills of the camera `person`, as JPEG. Live frames
/// go through peripherals/frames.
[[nodiscard]] xfs::ServiceDescription cameraDescription();

/// One command of the camera service. The helper must outlive it.
void performCameraCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
