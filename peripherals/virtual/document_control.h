// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "peripherals/net/server.h"
#include "peripherals/virtual/document_server.h"

namespace guichet::virtualdevices {

/// /document/... of the control API: paper, cover, speed and cable of the A4 printer. The server
/// must outlive the router.
void addDocumentRoutes(net::Router& router, DocumentServer& server);
[[nodiscard]] nlohmann::json documentState(DocumentServer& server);

} // namespace guichet::virtualdevices
