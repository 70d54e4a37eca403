// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "peripherals/base/error.h"
#include "peripherals/net/server.h"

/// Messages of what XFS4IoT has no word for, as JSON over WebSocket beside it (schemas/ has them).
namespace guichet::host {

struct OwnRequest {
    std::int64_t id = 0;
    std::string operation;
    nlohmann::json body;
};

/// Errc::Invalid: not an object of at most so many bytes with id and op.
[[nodiscard]] Result<OwnRequest> parseOwnRequest(std::string_view text, std::size_t longest = 4096);

void sendOwn(net::Socket& socket, const nlohmann::json& message);
void sendOwnError(net::Socket& socket, const nlohmann::json& id, const Error& error);

} // namespace guichet::host
