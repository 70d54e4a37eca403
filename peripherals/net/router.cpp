// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "peripherals/net/router_table.h"

namespace guichet::net {
namespace {

std::vector<std::string> splitPattern(std::string_view pattern)
{
    std::vector<std::string> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const auto end = std::min(pattern.find('/'), pattern.size());
        segments.emplace_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

/// "{id}", or "{id}.ics".
bool isCapture(std::string_view segment)
{
    return segment.size() > 2 && segment.front() == '{' && segment.find('}') > 1 &&
           segment.find('}') != std::string_view::npos;
}

/// What a capture's segment must end with.
std::string_view suffix(std::string_view segment)
{
    return segment.substr(segment.find('}') + 1);
}

using Params = std::map<std::string, std::string>;

std::optional<Params> capture(const Route& route, std::string_view path)
{
    Params params;
    for (const auto& segment : route.segments) {
        if (path.empty()) {
            return std::nullopt;
        }
        path.remove_prefix(1);
        if (segment.ends_with("*}")) {
            params.emplace(segment.substr(1, segment.size() - 3), path);
            return params;
        }
        const auto end = std::min(path.find('/'), path.size());
        const auto part = path.substr(0, end);
        if (isCapture(segment)) {
            const auto tail = suffix(segment);
            if (part.size() <= tail.size() || !part.ends_with(tail)) {
                return std::nullopt;
            }
            params.emplace(segment.substr(1, segment.find('}') - 1),
                           part.substr(0, part.size() - tail.size()));
        } else if (segment != part) {
            return std::nullopt;
        }
        path.remove_prefix(end);
    }
    return path.empty() ? std::optional(std::move(params)) : std::nullopt;
}

void insert(std::vector<Route>& routes, Route route)
{
    route.segments = splitPattern(route.pattern);
    // The more literal route first.
    const auto before = [](const Route& one, const Route& other) {
        return std::lexicographical_compare(
            one.segments.begin(), one.segments.end(), other.segments.begin(), other.segments.end(),
            [](const std::string& left, const std::string& right) {
                const auto rank = [](const std::string& segment) {
                    if (segment.ends_with("*}")) {
                        return 3;
                    }
                    return !isCapture(segment) ? 0 : suffix(segment).empty() ? 2 : 1;
                };
                return rank(left) < rank(right);
            });
    };
    routes.insert(std::upper_bound(routes.begin(), routes.end(), route, before), std::move(route));
}

} // namespace

Router::Router()
    : m_table(std::make_unique<RouteTable>())
{
}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::string method, std::string pattern, Handler handler, RouteOptions options)
{
    insert(m_table->routes,
           {std::move(method), std::move(pattern), {}, std::move(handler), options});
}

void Router::events(std::string pattern, EventHandler handler)
{
    insert(m_table->routes, {"GET", std::move(pattern), {}, std::move(handler), {}});
}

void Router::socket(std::string pattern, SocketHandler handler)
{
    insert(m_table->routes, {"GET", std::move(pattern), {}, std::move(handler), {}});
}

RouteTable::Match RouteTable::find(std::string_view method, std::string_view path) const
{
    Match match;
    for (const auto& route : routes) {
        const bool isHead = method == "HEAD" && route.method == "GET" &&
                            std::holds_alternative<Handler>(route.handler);
        const bool fits = route.method == method || isHead;
        if (!fits && std::find(match.allowed.begin(), match.allowed.end(), route.method) !=
                         match.allowed.end()) {
            continue;
        }
        auto params = capture(route, path);
        if (!params) {
            continue;
        }
        if (fits) {
            return {&route, std::move(*params), {}};
        }
        match.allowed.push_back(route.method);
    }
    return match;
}

} // namespace guichet::net
