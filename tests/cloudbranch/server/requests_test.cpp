// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub::test;

namespace {

net::Request taking(const std::string& body, net::Headers headers = {{"Idempotency-Key", "k"}})
{
    net::Request request{.method = "POST",
                         .path = "/v1/branches/demo/visits",
                         .headers = std::move(headers),
                         .body = body};
    request.headers.set("Authorization", "Bearer demo-kiosk");
    return request;
}

} // namespace

TEST_CASE("hub: a wrong request is refused with the field that is wrong, and changes nothing")
{
    HubCaller hub;
    const auto before = hub.queueTag();
    struct Case {
        int status;
        std::string field;
        std::string body;
    };
    const Case cases[]{
        {400, "body", "{"},
        {400, "body", "[]"},
        {400, "body", "\"cash\""},
        {400, "body", "{\"service\":\"cash\"} trailing"},
        {400, "body", "{\"service\":\"\xff\"}"},
        {422, "language", R"({"service":"cash","channel":"kiosk"})"},
        {422, "service", R"({"service":7,"language":"en","channel":"kiosk"})"},
        {422, "service", R"({"service":"","language":"en","channel":"kiosk"})"},
        {422, "service", R"({"service":"loans","language":"en","channel":"kiosk"})"},
        {422, "service",
         R"({"service":"cash","service":"cash","language":"en","channel":"kiosk"})"},
        {422, "language", R"({"service":"cash","language":"English please","channel":"kiosk"})"},
        {422, "channel", R"({"service":"cash","language":"en","channel":"letter"})"},
        {422, "number", R"({"service":"cash","language":"en","channel":"kiosk","number":1})"},
        {413, "body", std::string(9'000, ' ')},
    };
    for (const auto& wrong : cases) {
        const auto response = hub.send(taking(wrong.body));
        INFO(wrong.body.substr(0, 200) << "\n" << response.body);
        CHECK(response.status == wrong.status);
        CHECK(fieldOf(response) == wrong.field);
    }
    const std::string right = R"({"service":"cash","language":"en","channel":"kiosk"})";
    CHECK(fieldOf(hub.send(taking(right, {}))) == "Idempotency-Key");
    CHECK(fieldOf(hub.send(taking(right, {{"Idempotency-Key", std::string(200, 'k')}}))) ==
          "Idempotency-Key");
    const auto typed =
        hub.send(taking(right, {{"Idempotency-Key", "k"}, {"Content-Type", "text/xml"}}));
    CHECK(typed.status == 415);
    CHECK(fieldOf(typed) == "Content-Type");
    CHECK(hub.queueTag() == before);
    CHECK(hub.send(taking(right)).status == 201); // none of the refusals used the key up
}

TEST_CASE("hub: a counter, a profile and a reason that are wrong are named")
{
    HubCaller hub;
    CHECK(fieldOf(hub.create("/v1/branches/demo/sessions", hub.teller, {{"counter", "9"}})) ==
          "counter");
    CHECK(fieldOf(hub.create("/v1/branches/demo/sessions", hub.teller,
                             {{"counter", "1"}, {"profile", "elastic"}})) == "profile");
    const std::string id = hub.take().at("id");
    const auto session = hub.openSession(hub.teller, "1");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    REQUIRE(hub.command(id, "start").status == 200);
    CHECK(fieldOf(hub.command(id, "park")) == "reason");
    CHECK(fieldOf(hub.command(id, "finish")) == "outcome");
    CHECK(fieldOf(hub.command(id, "requeue", {{"after", -1}})) == "after");
    CHECK(fieldOf(hub.command(id, "transfer")) == "service");
    CHECK(fieldOf(hub.command(id, "transfer", {{"service", "loans"}})) == "service");
    CHECK(fieldOf(hub.command(id, "transfer", {{"counter", "9"}})) == "counter");
    CHECK(hub.visit(id).at("state") == "serving");
}

TEST_CASE("hub: another branch, visit, session or address is not found")
{
    HubCaller hub;
    CHECK(codeOf(hub.get("/v1/branches/other")) == "unknown-branch");
    CHECK(codeOf(hub.get("/v1/branches/other/queue")) == "unknown-branch");
    CHECK(codeOf(hub.get("/v1/visits/none", hub.teller)) == "unknown-visit");
    CHECK(codeOf(hub.callNext("none", hub.teller)) == "unknown-session");
    CHECK(codeOf(hub.get("/v2")) == "not-found");
    CHECK(hub.send({.method = "PUT", .path = "/v1/branches/demo"}).status == 405);
}

TEST_CASE("hub: a public document that is known already is not sent again")
{
    HubCaller hub;
    for (const std::string path : {"/v1/branches/demo", "/v1/branches/demo/queue"}) {
        const auto first = hub.get(path);
        REQUIRE(first.status == 200);
        const std::string tag(first.header("ETag"));
        const auto same = hub.get(path, {}, {{"If-None-Match", tag}});
        CHECK(same.status == 304);
        CHECK(same.header("ETag") == tag);
    }
    const auto tag = hub.queueTag();
    hub.take();
    const auto changed = hub.get("/v1/branches/demo/queue", {}, {{"If-None-Match", tag}});
    CHECK(changed.status == 200);
    CHECK(parsed(changed).at("services").at(0).at("waiting") == 1);
}
