// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "peripherals/net/server.h"
#include "queue/api/staff.h"
#include "queue/api/terminals.h"
#include "queue/api/tokens.h"

namespace guichet::queue::api {

/// One operation of the API, as the router and the OpenAPI document have it.
struct Operation {
    std::string method;
    std::string pattern;
    std::vector<Role> roles; ///< empty: anybody
};

/// Puts operations behind the checks that they share: the branch in the path, a JSON body, and who
/// may call. Thread-safe once everything is added; what it is given must outlive it.
class Operations {
public:
    using Handler = std::function<net::Response(const net::Request&, const Caller&)>;
    using SocketHandler = std::function<std::variant<net::SocketCallbacks, net::Response>(
        const net::Request&, const Caller&, std::shared_ptr<net::Socket>)>;
    struct Parts {
        const Staff& staff;
        const VisitTokens& visitTokens;
        std::string branch;
        std::map<std::string, std::string> terminals = {}; ///< SHA-256 of the bearer to its name
        Terminals* enrolled = nullptr; ///< those with a certificate; null: no authority here
        /// Hears of callers who are known and may not call.
        std::function<void(const net::Request&, const Caller&)> refused = {};
    };

    explicit Operations(Parts parts);
    Operations(const Operations&) = delete;
    Operations& operator=(const Operations&) = delete;

    /// Without roles, or with Role::Anonymous among them, anybody may call.
    void add(net::Router& router, const std::string& method, const std::string& pattern,
             std::vector<Role> roles, Handler handler, std::size_t mostBody = 8 * 1024);
    /// As add(), for a body that is bytes: application/octet-stream.
    void addBytes(net::Router& router, const std::string& method, const std::string& pattern,
                  std::vector<Role> roles, Handler handler, std::size_t mostBody);
    /// A WebSocket, behind the same checks.
    void socket(net::Router& router, const std::string& pattern, std::vector<Role> roles,
                SocketHandler handler);
    /// A stream of a branch that anybody may watch.
    void events(net::Router& router, const std::string& pattern, net::EventHandler handler);
    [[nodiscard]] const std::vector<Operation>& all() const { return m_operations; }

private:
    /// Whoever shows a certificate needs a good one, also for what anybody may call: an ended
    /// terminal hears that it is one, and is nobody else instead.
    [[nodiscard]] std::optional<net::Response> refuseCertificate(const net::Request& request) const;
    [[nodiscard]] Caller identify(const net::Request& request) const;
    enum class Content { Json, Bytes };
    void add(net::Router& router, const std::string& method, const std::string& pattern,
             std::vector<Role> roles, Handler handler, std::size_t mostBody, Content content);
    /// The caller, if it may call.
    [[nodiscard]] std::variant<Caller, net::Response>
    admit(const net::Request& request, const std::vector<Role>& roles, Content content) const;

    Parts m_parts;
    std::vector<Operation> m_operations;
};

} // namespace guichet::queue::api
