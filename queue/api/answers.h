// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "peripherals/net/http.h"
#include "queue/api/rate_limits.h"
#include "queue/domain/refusal.h"

/// The answers that handlers share.
namespace guichet::queue::api {

/// The problem that says why a command changed nothing.
[[nodiscard]] net::Response refused(const domain::Refusal& refusal);
/// 503: the store cannot be read or written now.
[[nodiscard]] net::Response unavailable();
/// 429, and when to come back.
[[nodiscard]] net::Response tooOften(std::string_view detail, const RateLimits& limits);
/// A document that only its caller may keep, with its version as ETag.
[[nodiscard]] net::Response versioned(int status, std::string document, std::int64_t version);

} // namespace guichet::queue::api
