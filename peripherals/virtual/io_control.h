// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "peripherals/net/server.h"
#include "peripherals/virtual/io_server.h"

namespace guichet::virtualdevices {

/// /io/... of the control API: doors and sensors, and the unit's cable. The server must outlive
/// the router.
void addIoRoutes(net::Router& router, IoServer& server);
[[nodiscard]] nlohmann::json ioState(const IoServer& server);

} // namespace guichet::virtualdevices
