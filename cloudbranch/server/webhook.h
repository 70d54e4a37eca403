// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/secret.h"
#include "peripherals/net/http.h"

namespace guichet::hub {

/// A key of a webhook as it is handed over: "whsec_" and 24 to 64 bytes in base64. Fails with
/// Errc::Invalid.
[[nodiscard]] Result<Secret<Bytes>> webhookSecret(std::string_view text);

/// The POST that carries one message (Standard Webhooks 1.0): webhook-id, webhook-timestamp, and in
/// webhook-signature "v1," and base64 of HMAC-SHA256 over id.timestamp.body for each secret, so
/// that a receiver may change its secret while messages flow. Pure.
[[nodiscard]] net::Request webhookRequest(std::string path, const std::string& id, Instant now,
                                          std::string body,
                                          const std::vector<Secret<Bytes>>& secrets);

} // namespace guichet::hub
