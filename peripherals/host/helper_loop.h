// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "peripherals/host/helper_device.h"

namespace guichet::host {

/// Leaves the process no descriptor but the standard ones, no core dump, no tracer, no new
/// privileges, and death with its parent. Call first in a helper. Fails with Errc::Denied, or
/// Errc::Disconnected if the parent is gone already.
[[nodiscard]] Result<void> hardenHelper();

/// Runs one device on the connection `descriptor` until the other side closes it: I/O on the
/// calling thread, which answers heartbeats whatever the device does, the device on a thread of its
/// own. `open` runs on the device's thread; its error is logged and ends the process with status 1.
/// Never returns: leaves the process without waiting for a device that hangs.
[[noreturn]] void runHelper(int descriptor, std::chrono::milliseconds watchInterval,
                            const std::function<Result<std::unique_ptr<HelperDevice>>()>& open);

} // namespace guichet::host
