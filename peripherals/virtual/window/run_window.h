// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

#include "peripherals/virtual/world.h"

namespace guichet::virtualdevices {

/// Shows the window and returns the exit status when it is closed or one of the (blocked) signals
/// comes. GUI thread.
[[nodiscard]] int runWindow(World& world, const sigset_t& stopSignals, int& count, char** values);

} // namespace guichet::virtualdevices
