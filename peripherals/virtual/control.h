// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "peripherals/net/server.h"
#include "peripherals/virtual/world.h"

namespace guichet::virtualdevices {

/// The HTTP control API of README.md over a world that outlives the router. Bad input gets a 4xx
/// problem that names the field, and changes nothing.
[[nodiscard]] net::Router controlRoutes(World& world);

/// The document of GET /state.
[[nodiscard]] std::string stateJson(World& world);

} // namespace guichet::virtualdevices
