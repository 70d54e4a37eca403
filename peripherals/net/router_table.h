// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "peripherals/net/server.h"

namespace guichet::net {

struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    std::variant<Handler, EventHandler, SocketHandler> handler;
    RouteOptions options;
};

struct RouteTable {
    std::vector<Route> routes;

    struct Match {
        const Route* route = nullptr; ///< null: nothing for this method
        std::map<std::string, std::string> params = {};
        std::vector<std::string> allowed = {}; ///< methods of the path; empty: unknown path
    };
    [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
};

} // namespace guichet::net
