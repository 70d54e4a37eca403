// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub::test;

TEST_CASE("hub: a number is taken, called, served and finished, one version at a time")
{
    HubCaller hub;
    const auto taken = hub.take("wealth");
    const std::string id = taken.at("id");
    CHECK(taken.at("ticket").at("label") == "C001");
    CHECK(taken.at("ahead") == 0);
    const auto session = hub.openSession(hub.teller, "3");
    const auto called = hub.callNext(session, hub.teller);
    REQUIRE(called.status == 200);
    CHECK(parsed(called).at("id") == id);
    CHECK(parsed(called).at("counter") == "3");
    CHECK(called.header("ETag") == "\"2\"");
    CHECK(hub.command(id, "recall").status == 200);
    CHECK(hub.command(id, "start").status == 200);
    CHECK(codeOf(hub.command(id, "recall")) == "illegal-transition");
    CHECK(hub.command(id, "finish", {{"outcome", "done"}}).status == 200);
    CHECK(hub.visit(id).at("state") == "done");
    CHECK(hub.visit(id).at("version") == 5);
    CHECK(hub.callNext(session, hub.teller).status == 204);
}

TEST_CASE("hub: a slip is taken back once, and stays so over a restart")
{
    HubCaller hub;
    const std::string id = hub.take().at("id");
    const auto session = hub.openSession(hub.teller, "1");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    CHECK(hub.command(id, "undo").status == 200);
    CHECK(hub.visit(id).at("state") == "waiting");
    CHECK(codeOf(hub.command(id, "undo")) == "nothing-to-undo");
    hub.restart();
    CHECK(hub.visit(id).at("state") == "waiting"); // what was taken back stays so
    CHECK(parsed(hub.get("/v1/branches/demo/queue")).at("calls").empty());
    CHECK(parsed(hub.callNext(session, hub.teller)).at("id") == id);
}

TEST_CASE("hub: a command needs the version that it was made for")
{
    HubCaller hub;
    const std::string id = hub.take().at("id");
    const auto cancel = "/v1/visits/" + id + "/cancel";
    const auto without = hub.post(cancel, hub.terminal, json::object());
    CHECK(without.status == 428);
    CHECK(fieldOf(without) == "If-Match");
    const auto malformed = hub.post(cancel, hub.terminal, json::object(), {{"If-Match", "1"}});
    CHECK(malformed.status == 400);
    CHECK(fieldOf(malformed) == "If-Match");
    const auto stale = hub.post(cancel, hub.terminal, json::object(), {{"If-Match", "\"7\""}});
    CHECK(stale.status == 412);
    CHECK(fieldOf(stale) == "If-Match");
    CHECK(hub.visit(id).at("state") == "waiting");
    CHECK(hub.post(cancel, hub.terminal, json::object(), {{"If-Match", "\"1\""}}).status == 200);
    CHECK(hub.visit(id).at("state") == "cancelled");
}

TEST_CASE("hub: a visit is called out of turn in the version that was seen")
{
    HubCaller hub;
    hub.take();
    const std::string second = hub.take().at("id");
    const auto call = "/v1/sessions/" + hub.openSession(hub.teller, "1") + "/call";
    CHECK(hub.post(call, hub.teller, {{"visit", second}}).status == 428);
    CHECK(hub.post(call, hub.teller, {{"visit", second}}, {{"If-Match", "\"9\""}}).status == 412);
    const auto called = hub.post(call, hub.teller, {{"visit", second}}, {{"If-Match", "\"1\""}});
    CHECK(called.status == 200);
    CHECK(parsed(called).at("ticket").at("label") == "A002");
}

TEST_CASE("hub: a create or a call that is repeated gives the first answer, also after a restart")
{
    HubCaller hub;
    const json body{{"service", "cash"}, {"language", "zh-CN"}, {"channel", "kiosk"}};
    const net::Headers key{{"Idempotency-Key", "one"}};
    const auto first = hub.post("/v1/branches/demo/visits", hub.terminal, body, key);
    REQUIRE(first.status == 201);
    hub.restart();
    CHECK(hub.post("/v1/branches/demo/visits", hub.terminal, body, key).body == first.body);
    const auto session = hub.openSession(hub.teller, "1");
    const auto call = "/v1/sessions/" + session + "/call-next";
    const auto called = hub.post(call, hub.teller, json::object(), key);
    CHECK(called.status == 200);
    CHECK(hub.post(call, hub.teller, json::object(), key).body == called.body);
    CHECK(hub.visit(parsed(first).at("id")).at("version") == 2);
    const auto other =
        hub.post("/v1/branches/demo/visits", hub.terminal,
                 {{"service", "wealth"}, {"language", "zh-CN"}, {"channel", "kiosk"}}, key);
    CHECK(other.status == 422);
    CHECK(fieldOf(other) == "Idempotency-Key");
    CHECK(hub.post("/v1/branches/demo/visits", hub.terminal, body).status == 400);
}

TEST_CASE("hub: another teller may not touch a counter; a supervisor may end its session")
{
    HubCaller hub;
    const std::string id = hub.take().at("id");
    const auto session = hub.openSession(hub.supervisor, "1");
    REQUIRE(hub.callNext(session, hub.supervisor).status == 200);
    CHECK(codeOf(hub.command(id, "start")) == "not-your-session");
    CHECK(codeOf(hub.command(id, "cancel", {{"reason", "left"}})) == "not-your-session");
    const auto end = [&](const std::string& which, const std::string& bearer) {
        return hub.send({.method = "DELETE",
                         .path = "/v1/sessions/" + which,
                         .headers = {{"Authorization", "Bearer " + bearer}}});
    };
    CHECK(end(session, hub.teller).status == 403);
    CHECK(codeOf(end(session, hub.supervisor)) == "session-busy"); // one's own is finished first

    const auto tellers = hub.openSession(hub.teller, "2");
    const std::string next = hub.take().at("id");
    REQUIRE(hub.callNext(tellers, hub.teller).status == 200);
    CHECK(end(tellers, hub.supervisor).status == 204);
    CHECK(hub.visit(next).at("state") == "waiting");
    CHECK(hub.visit(next).at("ahead") == 0);
}

TEST_CASE("hub: nobody is sent to a counter where nobody sits, or left there")
{
    HubCaller hub;
    const std::string id = hub.take().at("id");
    const auto one = hub.openSession(hub.teller, "1");
    REQUIRE(hub.callNext(one, hub.teller).status == 200);
    CHECK(codeOf(hub.command(id, "transfer", {{"counter", "2"}})) == "counter-closed");
    const auto two = hub.openSession(hub.supervisor, "2");
    REQUIRE(hub.command(id, "transfer", {{"counter", "2"}}).status == 200);
    CHECK(hub.callNext(one, hub.teller).status == 204);
    REQUIRE(hub.send({.method = "DELETE",
                      .path = "/v1/sessions/" + two,
                      .headers = {{"Authorization", "Bearer " + hub.supervisor}}})
                .status == 204);
    const auto called = hub.callNext(one, hub.teller);
    REQUIRE(called.status == 200);
    CHECK(parsed(called).at("id") == id);
}

TEST_CASE("hub: a closed business day takes nobody; the same date goes on counting")
{
    HubCaller hub;
    const std::string id = hub.take().at("id");
    const auto day = [&](const std::string& state, const std::string& bearer) {
        return hub.post("/v1/branches/demo/business-day", bearer, {{"state", state}});
    };
    CHECK(day("closed", hub.teller).status == 403);
    CHECK(parsed(day("closed", hub.supervisor)).at("state") == "closed");
    CHECK(parsed(day("closed", hub.supervisor)).at("state") == "closed"); // asked twice
    CHECK(hub.visit(id).at("state") == "expired");
    CHECK(parsed(hub.get("/v1/branches/demo")).at("open") == false);
    const auto refused =
        hub.create("/v1/branches/demo/visits", hub.terminal,
                   {{"service", "cash"}, {"language", "en"}, {"channel", "kiosk"}});
    CHECK(refused.status == 409);
    CHECK(codeOf(refused) == "business-day-closed");
    REQUIRE(parsed(day("open", hub.supervisor)).at("label") == "2026-11-25");
    CHECK(hub.take().at("ticket").at("label") == "A002");
}

TEST_CASE("hub: the code on a ticket leads to a page that says where its visit stands")
{
    HubCaller hub;
    const auto page = [&](const std::string& token) { return hub.get("/t/" + token); };
    const auto first = hub.take();
    const auto second = hub.take();
    const auto waiting = page(second.at("token"));
    CHECK(waiting.status == 200);
    CHECK(waiting.header("Content-Type").starts_with("text/html"));
    CHECK(waiting.header("Cache-Control") == "no-store");
    CHECK(waiting.body.find("A002") != std::string::npos);
    CHECK(waiting.body.find("<dt>Ahead of you</dt><dd>1</dd>") != std::string::npos);
    CHECK(waiting.body.find(" min<") != std::string::npos);
    const auto session = hub.openSession(hub.teller, "4");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    CHECK(page(first.at("token")).body.find("counter 4") != std::string::npos);
    CHECK(page(second.at("token")).body.find("You are next") != std::string::npos);
    REQUIRE(hub.command(first.at("id"), "no-show").status == 200);
    CHECK(page(first.at("token")).body.find("this number has ended") != std::string::npos);
    for (const std::string& wrong : {std::string("x"), randomToken(), std::string(5000, 'A')}) {
        CHECK(page(wrong).status == 404);
    }
}
