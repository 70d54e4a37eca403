// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "peripherals/host/helper_process.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// Doors and sensors: their states come as Common.StatusChangedEvent, and there is no command.
[[nodiscard]] xfs::ServiceDescription auxiliariesDescription();
[[nodiscard]] xfs::ServiceDescription lightsDescription();
/// One command of the lights service: SetLight. Only the lights that are named change; wrong ones
/// change none. The helper must outlive it.
void performLightsCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job);

} // namespace guichet::host
