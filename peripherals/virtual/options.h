// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "peripherals/virtual/world.h"

namespace guichet::virtualdevices {

/// The command line of guichet-virtual-devices.
struct Options {
    WorldConfig world;
    Endpoint control{"127.0.0.1", 8499};
    bool window = true;
    bool help = false;
};

/// Fails with Errc::Invalid and one line that says what is wrong.
[[nodiscard]] Result<Options> parseOptions(std::span<const std::string> arguments);
[[nodiscard]] std::string usage();

} // namespace guichet::virtualdevices
