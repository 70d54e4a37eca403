// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/net/client.h"
#include "queue/client/client.h"

namespace guichet::queue {

/// How a terminal reaches its hub for anything that Client does not do: address, certificate,
/// bearer. Pure.
[[nodiscard]] net::ClientConfig connection(const Client::Config& config);

} // namespace guichet::queue
