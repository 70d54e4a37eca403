// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace std::chrono_literals;

namespace {

std::string filled(std::string pattern, const std::string& visit)
{
    const std::map<std::string, std::string> values{
        {"{b}", "demo"}, {"{code}", "0000000001"}, {"{id}", visit}, {"{s}", randomUuid()}};
    for (const auto& [name, value] : values) {
        if (const auto at = pattern.find(name); at != std::string::npos) {
            pattern.replace(at, name.size(), value);
        }
    }
    return pattern;
}

} // namespace

TEST_CASE("hub: each operation admits the roles that it describes, and nobody else")
{
    HubCaller hub;
    const auto own = hub.take();
    const std::map<std::string, std::string> bearers{
        {"anonymous", ""},
        {"customer", own.at("token")},
        {"terminal", hub.terminal},
        {"teller", hub.teller},
        {"supervisor", hub.supervisor},
        {"engineer", hub.login("engineer")},
        {"agent", hub.login("agent")},
        {"auditor", hub.login("auditor")},
    };
    const std::map<std::string, std::string> methods{
        {"get", "GET"}, {"put", "PUT"}, {"post", "POST"}, {"delete", "DELETE"}};
    for (const auto& [pattern, item] : description().at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            const auto roles = operation.at("x-roles").get<std::set<std::string>>();
            if (pattern.ends_with("/events")) {
                continue; // never ends; see live_test.cpp
            }
            if (operation.at("responses").contains("101")) {
                continue; // a WebSocket; see roles_test.cpp
            }
            for (const auto& [role, bearer] : bearers) {
                net::Request request{.method = methods.at(method),
                                     .path = filled(pattern, own.at("id"))};
                if (!bearer.empty()) {
                    request.headers.set("Authorization", "Bearer " + bearer);
                }
                const auto response = hub.send(request);
                INFO(role << ": " << method << " " << pattern << " " << response.body);
                // A customer's token means nothing beside the customer's own visit.
                const bool known = !bearer.empty() && (role != "customer" ||
                                                       pattern.find("{id}") != std::string::npos);
                if (roles.contains("anonymous") || roles.contains(role)) {
                    CHECK(codeOf(response) != "bearer-needed");
                    CHECK(codeOf(response) != "role-not-admitted");
                } else {
                    CHECK(response.status == (known ? 403 : 401));
                }
            }
        }
    }
}

TEST_CASE("hub: a customer's token opens that customer's visit only, also from a link")
{
    HubCaller hub;
    const auto own = hub.take();
    const auto other = hub.take();
    const std::string path = "/v1/visits/" + own.at("id").get<std::string>();
    CHECK(hub.get(path, own.at("token")).status == 200);
    CHECK(hub.get(path, other.at("token")).status == 401);
    CHECK(hub.send({.path = path, .query = {{"t", own.at("token")}}}).status == 200);
    CHECK(hub.send({.path = path, .query = {{"t", other.at("token")}}}).status == 401);
}

TEST_CASE("hub: a token of staff or of a terminal is taken from the header only")
{
    HubCaller hub;
    const std::string path = "/v1/visits/" + hub.take().at("id").get<std::string>();
    for (const auto& bearer : {hub.teller, hub.supervisor, hub.terminal}) {
        CHECK(hub.send({.path = path, .query = {{"t", bearer}}}).status == 401);
    }
}

TEST_CASE("hub: five failures lock a name for a minute, also for the right password")
{
    HubCaller hub;
    const auto login = [&](const std::string& user, const std::string& password) {
        return hub.post("/v1/login", {}, {{"user", user}, {"password", password}});
    };
    for (int failure = 0; failure < 5; ++failure) {
        CHECK(login("teller", "wrong").status == 401);
        CHECK(login("nobody", "wrong").status == 401); // no different: nobody learns who works here
    }
    CHECK(codeOf(login("teller", "demo")) == "login-locked");
    CHECK(codeOf(login("nobody", "demo")) == "login-locked");
    CHECK(login("supervisor", "demo").status == 200);
    hub.clock.advance(61s);
    CHECK(login("teller", "demo").status == 200);
}

TEST_CASE("hub: a token of staff ends after twelve hours, and survives a restart before")
{
    HubCaller hub;
    hub.restart();
    const auto path = "/v1/visits/" + randomUuid();
    CHECK(hub.get(path, hub.teller).status == 404);
    hub.clock.advance(12h);
    CHECK(hub.get(path, hub.teller).status == 401);
}
