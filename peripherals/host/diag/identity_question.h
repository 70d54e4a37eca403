// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"
#include "peripherals/host/publisher_address.h"

namespace guichet::host::diag {

/// Asks the identity service one thing (schemas/identity.request.json without "id") and returns
/// its "result". Blocks, at most for `timeout`. `onEvent` hears "insertCard" and the like, on
/// another thread. Fails with what the service says, Errc::Disconnected, Timeout or Protocol.
[[nodiscard]] Result<nlohmann::json>
askIdentity(const PublisherAddress& publisher, nlohmann::json question,
            std::chrono::milliseconds timeout,
            std::function<void(std::string_view event)> onEvent = {});

} // namespace guichet::host::diag
