// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/gatekeeper.h"

#include <algorithm>
#include <string>
#include <utility>

#include "peripherals/net/peer_user.h"
#include "peripherals/net/websocket_codec.h"

namespace guichet::net {
namespace {

Response methodNotAllowed(const std::vector<std::string>& methods)
{
    std::string allow;
    for (const auto& method : methods) {
        allow += (allow.empty() ? "" : ", ") + method + (method == "GET" ? ", HEAD" : "");
    }
    auto response = problem(405, "method-not-allowed", "the method does not fit the address");
    response.headers.set("Allow", allow);
    return response;
}

} // namespace

Gatekeeper::Gatekeeper(Rules rules, std::unique_ptr<const RouteTable> routes)
    : m_rules(std::move(rules))
    , m_routes(std::move(routes))
{
}

Gatekeeper::Verdict Gatekeeper::check(RequestHead& head, Caller& caller) const
{
    auto& request = head.request;
    if (m_rules.refuseOrigin && request.headers.has("Origin")) {
        return {.refusal = problem(403, "origin-refused", "web pages may not use this port",
                                   {{"Origin", "is not allowed here"}})};
    }
    if (!allowed(caller)) {
        return {.refusal = problem(403, "user-refused", "this user may not use this port")};
    }
    auto match = m_routes->find(request.method, request.path);
    if (match.route == nullptr) {
        return {.refusal = match.allowed.empty()
                               ? problem(404, "not-found", "there is nothing at this address")
                               : methodNotAllowed(match.allowed)};
    }
    request.params = std::move(match.params);
    if (head.contentLength > match.route->options.maxBody) {
        return {match.route, bodyTooLarge()};
    }
    if (std::holds_alternative<SocketHandler>(match.route->handler)) {
        return {match.route, refuseHandshake(request)};
    }
    return {match.route};
}

bool Gatekeeper::allowed(Caller& caller) const
{
    const auto& uids = m_rules.allowedPeerUids;
    if (!caller.allowed && !uids.empty()) {
        const auto user = peerUser(caller.socket);
        caller.allowed = user && std::find(uids.begin(), uids.end(), *user) != uids.end();
    }
    return caller.allowed || uids.empty();
}

Response bodyTooLarge()
{
    return problem(413, "body-too-large", "the body is larger than this address takes",
                   {{"body", "is too large"}});
}

} // namespace guichet::net
