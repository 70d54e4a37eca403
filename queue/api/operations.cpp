// SPDX-License-Identifier: Apache-2.0
#include "queue/api/operations.h"

#include <algorithm>
#include <utility>

namespace guichet::queue::api {
namespace {

constexpr std::size_t kLongestToken = 256;

bool isJson(std::string_view type)
{
    return type.empty() || type == "application/json" || type.starts_with("application/json;");
}

bool isBytes(std::string_view type)
{
    return type == "application/octet-stream";
}

net::Response unknownBranch()
{
    return net::problem(404, "unknown-branch", "this hub has no such branch");
}

} // namespace

Operations::Operations(Parts parts)
    : m_parts(std::move(parts))
{
}

Caller Operations::identify(const net::Request& request) const
{
    const auto id = request.param("id");
    const auto isCustomer = [&](std::string_view token) {
        return !id.empty() && m_parts.visitTokens.visitOf(token) == id;
    };
    if (request.method == "GET" && isCustomer(request.queryValue("t"))) {
        return {Role::Customer, {}}; // of a link; other tokens have no place in an address
    }
    if (request.peerCertificate && !request.headers.has("Authorization")) {
        const auto terminal = m_parts.enrolled != nullptr
                                  ? m_parts.enrolled->stand(*request.peerCertificate)
                                  : std::pair(Terminals::Standing::Unknown, std::string());
        return terminal.first == Terminals::Standing::Good ? Caller{Role::Terminal, terminal.second}
                                                           : Caller{};
    }
    const auto token = std::string(net::bearerToken(request));
    if (token.empty() || token.size() > kLongestToken) {
        return {};
    }
    if (const auto terminal = m_parts.terminals.find(tokenHash(token));
        terminal != m_parts.terminals.end()) {
        return {Role::Terminal, terminal->second};
    }
    if (auto member = m_parts.staff.find(token)) {
        return *member;
    }
    return isCustomer(token) ? Caller{Role::Customer, {}} : Caller{};
}

std::optional<net::Response> Operations::refuseCertificate(const net::Request& request) const
{
    if (!request.peerCertificate || m_parts.enrolled == nullptr) {
        return std::nullopt;
    }
    switch (m_parts.enrolled->stand(*request.peerCertificate).first) {
    case Terminals::Standing::Good:
        return std::nullopt;
    case Terminals::Standing::Revoked:
        return net::problem(401, "certificate-revoked", "this terminal's certificate is revoked");
    case Terminals::Standing::Expired:
        return net::problem(401, "certificate-expired", "this terminal's certificate has expired");
    case Terminals::Standing::Unknown:
        break;
    }
    return net::problem(401, "certificate-unknown", "this certificate is no terminal's here");
}

std::variant<Caller, net::Response> Operations::admit(const net::Request& request,
                                                      const std::vector<Role>& roles,
                                                      Content content) const
{
    if (auto problem = refuseCertificate(request)) {
        return *problem;
    }
    if (request.params.contains("b") && request.param("b") != m_parts.branch) {
        return unknownBranch();
    }
    const auto type = request.header("Content-Type");
    if (!request.body.empty() && content == Content::Bytes && !isBytes(type)) {
        return net::problem(415, "not-bytes", "the body must be bytes",
                            {{"Content-Type", "must be application/octet-stream"}});
    }
    if (!request.body.empty() && content == Content::Json && !isJson(type)) {
        return net::problem(415, "not-json", "the body must be JSON",
                            {{"Content-Type", "must be application/json"}});
    }
    auto caller = identify(request);
    if (!roles.empty() && std::ranges::find(roles, Role::Anonymous) == roles.end()) {
        if (caller.role == Role::Anonymous) {
            auto response = net::problem(401, "bearer-needed", "no valid bearer token");
            response.headers.set("WWW-Authenticate", "Bearer");
            return response;
        }
        if (std::ranges::find(roles, caller.role) == roles.end()) {
            if (m_parts.refused) {
                m_parts.refused(request, caller);
            }
            return net::problem(403, "role-not-admitted", "not for this caller's role");
        }
    }
    return caller;
}

void Operations::add(net::Router& router, const std::string& method, const std::string& pattern,
                     std::vector<Role> roles, Handler handler, std::size_t mostBody)
{
    add(router, method, pattern, std::move(roles), std::move(handler), mostBody, Content::Json);
}

void Operations::addBytes(net::Router& router, const std::string& method,
                          const std::string& pattern, std::vector<Role> roles, Handler handler,
                          std::size_t mostBody)
{
    add(router, method, pattern, std::move(roles), std::move(handler), mostBody, Content::Bytes);
}

void Operations::add(net::Router& router, const std::string& method, const std::string& pattern,
                     std::vector<Role> roles, Handler handler, std::size_t mostBody,
                     Content content)
{
    m_operations.push_back({method, pattern, roles});
    router.add(method, pattern,
               [this, content, roles = std::move(roles),
                handler = std::move(handler)](const net::Request& request) {
                   auto caller = admit(request, roles, content);
                   return std::holds_alternative<Caller>(caller)
                              ? handler(request, std::get<Caller>(caller))
                              : std::get<net::Response>(std::move(caller));
               },
               {.maxBody = mostBody});
}

void Operations::socket(net::Router& router, const std::string& pattern, std::vector<Role> roles,
                        SocketHandler handler)
{
    m_operations.push_back({"GET", pattern, roles});
    router.socket(pattern,
                  [this, roles = std::move(roles), handler = std::move(handler)](
                      const net::Request& request, std::shared_ptr<net::Socket> line)
                      -> std::variant<net::SocketCallbacks, net::Response> {
                      auto caller = admit(request, roles, Content::Json);
                      if (auto* refused = std::get_if<net::Response>(&caller)) {
                          return std::move(*refused);
                      }
                      return handler(request, std::get<Caller>(caller), std::move(line));
                  });
}

void Operations::events(net::Router& router, const std::string& pattern, net::EventHandler handler)
{
    m_operations.push_back({"GET", pattern, {}});
    router.events(pattern,
                  [this, handler = std::move(handler)](
                      const net::Request& request,
                      std::shared_ptr<net::EventStream> stream) -> std::optional<net::Response> {
                      if (request.param("b") != m_parts.branch) {
                          return unknownBranch();
                      }
                      if (auto problem = refuseCertificate(request)) {
                          return problem;
                      }
                      if (request.peerCertificate && m_parts.enrolled != nullptr) {
                          m_parts.enrolled->watch(request.peerCertificate->serial, stream);
                      }
                      return handler(request, std::move(stream));
                  });
}

} // namespace guichet::queue::api
