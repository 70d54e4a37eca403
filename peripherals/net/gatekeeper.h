// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "peripherals/net/http_codec.h"
#include "peripherals/net/router_table.h"

namespace guichet::net {

/// Decides from a request's head where it goes, or why not. Thread-bound.
class Gatekeeper {
public:
    struct Rules {
        bool refuseOrigin;
        std::vector<std::uint32_t> allowedPeerUids; ///< empty: any
    };

    /// The other end of one connection, whose user is looked up once.
    struct Caller {
        int socket = -1;
        bool allowed = false;
    };

    /// A refusal may have a route all the same: then it is the one that was asked for.
    struct Verdict {
        const Route* route = nullptr; ///< lives as long as the gatekeeper
        std::optional<Response> refusal = {};
    };

    Gatekeeper(Rules rules, std::unique_ptr<const RouteTable> routes);

    /// Gives the request the parameters of its path.
    [[nodiscard]] Verdict check(RequestHead& head, Caller& caller) const;

private:
    [[nodiscard]] bool allowed(Caller& caller) const;

    const Rules m_rules;
    const std::unique_ptr<const RouteTable> m_routes;
};

/// 413, for a body of any length that turns out to be larger than its route takes.
[[nodiscard]] Response bodyTooLarge();

} // namespace guichet::net
