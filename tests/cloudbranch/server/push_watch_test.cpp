// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/push_watch.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cloudbranch/server/gateway.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;
using std::chrono::seconds;

namespace {

std::string pushConfig(const Gateway& service)
{
    return "[push]\non = true\ncontact = \"mailto:it@bank.example\"\n"
           "public_url = \"https://outlet.example\"\nservices = [\"" +
           service.url() + "\"]\n";
}

/// What a browser at `endpoint` hands over; its key is the example's of RFC 8291.
net::Response subscribe(HubCaller& hub, const json& visit, const std::string& endpoint)
{
    const json subscription{
        {"endpoint", endpoint},
        {"keys",
         {{"p256dh", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SR"
                     "pkNtoIAiw4"},
          {"auth", "BTBZMqHH6r4Tts7J_aSIgg"}}}};
    return hub.send({.method = "POST",
                     .path = "/t/" + visit.at("token").get<std::string>() + "/push",
                     .body = subscription.dump()});
}

} // namespace

TEST_CASE("push: a browser is told that it is nearly its turn and that it is, once each")
{
    Gateway service;
    HubCaller hub(pushConfig(service));
    const auto visit = hub.take();
    CHECK(hub.get("/t/" + visit.at("token").get<std::string>()).body.find("data-push") !=
          std::string::npos);
    REQUIRE(subscribe(hub, visit, service.url() + "/browser").status == 204);
    const auto soon = service.next();
    CHECK(soon.path == "/browser");
    CHECK(soon.header("Content-Encoding") == "aes128gcm");
    CHECK(soon.header("TTL") == "600");
    CHECK(std::string(soon.header("Authorization")).starts_with("vapid t="));
    CHECK(soon.body.find("https://outlet.example") == std::string::npos); // encrypted
    const auto session = hub.openSession(hub.teller, "2");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    const auto called = service.next();
    CHECK(called.header("Topic") == soon.header("Topic")); // takes the place of the first
    REQUIRE(hub.command(visit.at("id"), "recall").status == 200);
    static_cast<void>(service.next());
    CHECK(service.quiet());
}

TEST_CASE("push: what a service does not take now comes again while it is true")
{
    Gateway service;
    service.answer(503);
    HubCaller hub(pushConfig(service));
    REQUIRE(subscribe(hub, hub.take(), service.url() + "/browser").status == 204);
    const auto first = service.next();
    service.answer(201);
    hub.clock.advance(seconds(31));
    const auto again = service.next();
    CHECK(again.header("Topic") == first.header("Topic"));
    REQUIRE(subscribe(hub, hub.take(), service.url() + "/other").status == 204);
    CHECK(service.next().path == "/other"); // the first browser is not told twice
    CHECK(service.quiet());
}

TEST_CASE("push: a browser that is gone is forgotten, and a visit has few of them")
{
    Gateway service;
    HubCaller hub(pushConfig(service));
    const auto visit = hub.take();
    for (const char* browser : {"/1", "/2", "/3"}) {
        REQUIRE(subscribe(hub, visit, service.url() + browser).status == 204);
    }
    CHECK(codeOf(subscribe(hub, visit, service.url() + "/4")) == "too-many-browsers");
    CHECK(codeOf(subscribe(hub, visit, "https://elsewhere.example/1")) == "push-service-unknown");
    for (int browser = 1; browser <= 3; ++browser) {
        static_cast<void>(service.next());
    }
    service.answer(410);
    const auto session = hub.openSession(hub.teller, "2");
    REQUIRE(hub.callNext(session, hub.teller).status == 200);
    for (int browser = 1; browser <= 3; ++browser) {
        static_cast<void>(service.next());
    }
    service.answer(201);
    REQUIRE(hub.command(visit.at("id"), "recall").status == 200);
    const auto other = hub.take();
    REQUIRE(subscribe(hub, other, service.url() + "/other").status == 204);
    CHECK(service.next().path == "/other");
}
