// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "peripherals/net/server.h"
#include "peripherals/virtual/resident_server.h"

namespace guichet::virtualdevices {

/// /resident/... of the control API: cards that are laid on the reader, faults and its cable.
/// The server must outlive the router.
void addResidentRoutes(net::Router& router, ResidentServer& reader);
[[nodiscard]] nlohmann::json residentState(const ResidentServer& reader);

} // namespace guichet::virtualdevices
