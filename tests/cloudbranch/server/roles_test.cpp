// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "tests/cloudbranch/server/outlet_world.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace std::chrono_literals;

namespace {

/// Somebody who calls: with a certificate, a bearer token, both or neither.
struct Caller {
    std::string role; ///< as the document has it; empty: one whose call is refused whatever it is
    net::ClientTls tls;
    std::string bearer = {};
    bool ownVisit = false; ///< the token is the visit's in the path
    bool nobody = false;   ///< what is shown is good no more
};

std::string verb(const std::string& method)
{
    std::string text = method;
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

/// The path with something in each `{name}`: an operation that is admitted must change nothing that
/// the next row of the table needs.
std::string filled(const std::string& pattern, const std::string& visit)
{
    const std::map<std::string, std::string> values{
        {"b", "b7"}, {"id", visit}, {"s", randomUuid()}, {"name", "nobody"}};
    std::string path;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '{') {
            path += pattern[at];
            continue;
        }
        const auto end = pattern.find('}', at);
        const auto found = values.find(pattern.substr(at + 1, end - at - 1));
        path += found != values.end() ? found->second : randomUuid();
        at = end;
    }
    return path;
}

bool refusedForRole(const net::Response& response)
{
    static const std::set<std::string> codes{"bearer-needed", "role-not-admitted",
                                             "certificate-revoked", "certificate-expired",
                                             "certificate-unknown"};
    return codes.contains(codeOf(response));
}

} // namespace

TEST_CASE("roles: every operation admits whom the document names, and nobody else")
{
    OutletWorld world;
    for (const char* role : {"teller", "engineer"}) {
        world.addStaff(role, role);
    }
    const auto expired = world.login("teller");
    world.clock.advance(12h);
    const auto supervisor = world.supervisor();
    const auto terminal = world.enrol("k1");
    const auto revoked = world.enrol("k2");
    world.command({{"do", "revoke"}, {"terminal", "k2"}});
    REQUIRE(
        world.post(world.browser(), "/v1/branches/b7/business-day", {{"state", "open"}}, supervisor)
            .status == 200);
    const auto own = parsed(world.send(tlsOf(terminal), numberRequest("b7")));
    const auto other = parsed(world.send(tlsOf(terminal), numberRequest("b7")));

    const auto browser = world.browser();
    const std::map<std::string, Caller> callers{
        {"nobody in particular", {"anonymous", browser}},
        {"the visit's customer", {"customer", browser, own.at("token"), true}},
        {"another visit's customer", {"customer", browser, other.at("token")}},
        {"a terminal", {"terminal", tlsOf(terminal)}},
        {"a teller", {"teller", browser, world.login("teller")}},
        {"a supervisor", {"supervisor", browser, supervisor}},
        {"a supervisor at a terminal", {"supervisor", tlsOf(terminal), supervisor}},
        {"an engineer", {"engineer", browser, world.login("engineer")}},
        {"a revoked terminal", {"", tlsOf(revoked)}},
        {"a supervisor at a revoked terminal", {"", tlsOf(revoked), supervisor}},
        {"somebody with an expired token", {"teller", browser, expired, false, true}},
        {"somebody with an invented token", {"teller", browser, randomToken(), false, true}},
    };
    for (const auto& [pattern, item] : description().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            const auto roles = operation.at("x-roles").get<std::set<std::string>>();
            if (operation.at("responses")
                    .value("/200/content/text~1event-stream"_json_pointer, json()) != json()) {
                continue; // never ends: the next test
            }
            if (operation.at("responses").contains("101")) {
                continue; // a WebSocket: the test after that
            }
            for (const auto& [who, caller] : callers) {
                net::Request request{.method = verb(method), .path = filled(pattern, own.at("id"))};
                if (!caller.bearer.empty()) {
                    request.headers.set("Authorization", "Bearer " + caller.bearer);
                }
                const auto response = world.send(caller.tls, request);
                INFO(who << ": " << request.method << " " << pattern << " answered "
                         << response.status << " " << response.body);
                // A customer's token means nothing beside the customer's own visit.
                const bool stranger =
                    caller.nobody || caller.role == "anonymous" ||
                    (caller.role == "customer" &&
                     !(caller.ownVisit && pattern.find("{id}") != std::string::npos));
                if (caller.role.empty()) {
                    CHECK(response.status == 401);
                    CHECK(codeOf(response) == "certificate-revoked");
                } else if (roles.contains("anonymous") ||
                           (!stranger && roles.contains(caller.role))) {
                    CHECK_FALSE(refusedForRole(response));
                } else {
                    CHECK(response.status == (stranger ? 401 : 403));
                    CHECK(refusedForRole(response));
                }
            }
        }
    }
}

TEST_CASE("roles: a stream that anybody may watch is open to terminals, but not to revoked ones")
{
    OutletWorld world;
    const auto revoked = world.enrol("k2");
    world.command({{"do", "revoke"}, {"terminal", "k2"}});
    for (const auto& [pattern, item] : description().at("paths").items()) {
        if (pattern.ends_with("/events")) {
            const auto response =
                world.send(tlsOf(revoked), {.path = filled(pattern, randomUuid())});
            CHECK(codeOf(response) == "certificate-revoked");
        }
    }
}

TEST_CASE("roles: a WebSocket admits whom the document names, and nobody else")
{
    OutletWorld world;
    for (const char* role : {"teller", "engineer", "agent"}) {
        world.addStaff(role, role);
    }
    const auto supervisor = world.supervisor();
    const auto terminal = world.enrol("k1");
    const auto revoked = world.enrol("k2");
    world.command({{"do", "revoke"}, {"terminal", "k2"}});
    const auto browser = world.browser();
    const std::map<std::string, Caller> callers{
        {"nobody in particular", {"anonymous", browser}},
        {"a terminal", {"terminal", tlsOf(terminal)}},
        {"a teller", {"teller", browser, world.login("teller")}},
        {"a supervisor", {"supervisor", browser, supervisor}},
        {"an engineer", {"engineer", browser, world.login("engineer")}},
        {"remote staff", {"agent", browser, world.login("agent")}},
        {"a revoked terminal", {"", tlsOf(revoked)}},
    };
    int lines = 0;
    for (const auto& [pattern, item] : description().at("paths").items()) {
        const auto operation = item.value("get", json::object());
        if (!operation.value("responses", json::object()).contains("101")) {
            continue;
        }
        ++lines;
        const auto roles = operation.at("x-roles").get<std::set<std::string>>();
        for (const auto& [who, caller] : callers) {
            net::Request request{.path = filled(pattern, randomUuid())};
            if (!caller.bearer.empty()) {
                request.headers.set("Authorization", "Bearer " + caller.bearer);
            }
            const auto line = net::WebSocketClient::connect(
                {.server = {.baseUrl = world.url(), .tls = caller.tls}, .request = request}, {});
            INFO(who << ": " << pattern);
            const bool admitted = !caller.role.empty() &&
                                  (roles.contains("anonymous") || roles.contains(caller.role));
            const bool denied = !line && line.error().code == Errc::Denied;
            CHECK(denied != admitted);
        }
    }
    CHECK(lines == 2);
}
