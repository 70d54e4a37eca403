// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "peripherals/net/http.h"
#include "queue/api/staff.h"
#include "queue/domain/command.h"
#include "queue/storage/store.h"

/// What handlers read from requests beside the body. Pure.
namespace guichet::queue::api {

inline constexpr std::size_t kLongestId = 64;

/// The version in If-Match, or why there is none.
[[nodiscard]] std::variant<std::int64_t, net::Response>
expectedVersion(const net::Request& request);
/// "zh-CN", "en".
[[nodiscard]] bool isLanguageTag(const std::string& text);
/// Who a command's author is for the domain.
[[nodiscard]] domain::Actor actor(const Caller& caller);
/// The Idempotency-Key in the caller's own scope.
[[nodiscard]] storage::RequestKey requestKey(const net::Request& request, const Caller& caller);
/// As net::refuseKey, and refuses a short key of somebody unknown: all of them share one scope.
[[nodiscard]] std::optional<net::Response> refuseKey(const net::Request& request,
                                                     const Caller& caller);

} // namespace guichet::queue::api
