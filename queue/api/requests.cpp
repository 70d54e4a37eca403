// SPDX-License-Identifier: Apache-2.0
#include "queue/api/requests.h"

#include <charconv>
#include <regex>

#include "peripherals/net/idempotency.h"

namespace guichet::queue::api {
namespace {

constexpr std::size_t kShortestSharedKey = 22; ///< 128 bits in base64url

} // namespace

std::variant<std::int64_t, net::Response> expectedVersion(const net::Request& request)
{
    const auto header = request.header("If-Match");
    if (header.empty()) {
        return net::problem(428, "if-match-missing", "send the visit's version as If-Match",
                            {{"If-Match", "is missing"}});
    }
    std::int64_t version = 0;
    if (header.size() >= 3 && header.front() == '"' && header.back() == '"') {
        const auto* end = header.data() + header.size() - 1;
        const auto parsed = std::from_chars(header.data() + 1, end, version);
        if (parsed.ec == std::errc() && parsed.ptr == end && version > 0) {
            return version;
        }
    }
    return net::problem(400, "if-match-malformed", "If-Match must be one quoted version",
                        {{"If-Match", "must look like \"3\""}});
}

bool isLanguageTag(const std::string& text)
{
    static const std::regex form("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*");
    return std::regex_match(text, form);
}

domain::Actor actor(const Caller& caller)
{
    const bool customer = caller.role == Role::Customer || caller.role == Role::Anonymous;
    const auto prefix = caller.role == Role::Terminal ? "terminal:" : customer ? "customer" : "";
    return {prefix + caller.name, caller.role == Role::Supervisor};
}

storage::RequestKey requestKey(const net::Request& request, const Caller& caller)
{
    return {std::string(name(caller.role)) + ":" + caller.name,
            std::string(request.header("Idempotency-Key")), net::requestHash(request)};
}

std::optional<net::Response> refuseKey(const net::Request& request, const Caller& caller)
{
    if (auto problem = net::refuseKey(request)) {
        return problem;
    }
    if (caller.role == Role::Anonymous &&
        request.header("Idempotency-Key").size() < kShortestSharedKey) {
        return net::problem(400, "idempotency-key-short",
                            "without a login the key must be unguessable, e.g. a UUID",
                            {{"Idempotency-Key", "must have at least 22 characters"}});
    }
    return std::nullopt;
}

} // namespace guichet::queue::api
