// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/messenger.h"

#include <catch2/catch.hpp>

#include "cloudbranch/server/message_text.h"
#include "tests/cloudbranch/server/gateway.h"
#include "tests/cloudbranch/server/hub_caller.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

json book(HubCaller& hub, const std::string& phone, const std::string& language = "zh-CN")
{
    const auto held = hub.create("/v1/branches/demo/holds", "",
                                 {{"service", "account"}, {"start", "2026-11-25T10:30:00+08:00"}});
    REQUIRE(held.status == 201);
    const std::string path = "/v1/holds/" + parsed(held).at("id").get<std::string>();
    const auto booked = hub.create(path + "/confirm", "",
                                   {{"name", "王小明"}, {"phone", phone}, {"language", language}});
    REQUIRE(booked.status == 201);
    return parsed(booked);
}

std::string messagesConfig(const Gateway& gateway)
{
    return "[messages]\nurl = \"" + gateway.url() + "/sms\"\nsecrets = [\"" + kSecret +
           "\"]\npublic_url = \"https://outlet.example\"\n";
}

} // namespace

TEST_CASE("webhook: signed as the example of Standard Webhooks says")
{
    std::vector<Secret<Bytes>> secrets;
    secrets.push_back(std::move(*webhookSecret(kSecret)));
    const auto request =
        webhookRequest("/", "msg_p5jXN8AQM9LWM0D4loKWxJek", Instant(seconds(1614265330)),
                       R"({"test": 2432232314})", secrets);
    CHECK(request.header("webhook-timestamp") == "1614265330");
    CHECK(request.header("webhook-signature") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("webhook: while a secret changes, what is sent is signed with both")
{
    std::vector<Secret<Bytes>> secrets;
    secrets.push_back(std::move(*webhookSecret(kSecret)));
    secrets.push_back(Secret<Bytes>(Bytes(32, std::byte{7})));
    const auto request = webhookRequest("/", "msg_1", Instant(), "{}", secrets);
    const std::string signatures(request.header("webhook-signature"));
    CHECK(signatures.find(" v1,") != std::string::npos);
    CHECK_FALSE(webhookSecret("whsec_c2hvcnQ="));
    CHECK_FALSE(webhookSecret("secret"));
}

TEST_CASE("messages: whoever books is told when, what to bring and where to look")
{
    Gateway gateway;
    HubCaller hub(messagesConfig(gateway));
    const auto appointment = book(hub, "+86 138 0000 0000");
    const auto request = gateway.next();
    const auto body = json::parse(request.body);
    CHECK(body.at("type") == "appointment.booked");
    CHECK(body.at("data").at("to") == "+8613800000000");
    CHECK(body.at("data").at("text") ==
          "【演示网点】预约成功：11月25日 10:30，开户与银行卡。到店签到码 " +
              appointment.at("code").get<std::string>() +
              "。请带：身份证、旧银行卡。https://outlet.example/t/" +
              appointment.at("token").get<std::string>());
    std::vector<Secret<Bytes>> secrets;
    secrets.push_back(std::move(*webhookSecret(kSecret)));
    const auto again = webhookRequest("/sms", std::string(request.header("webhook-id")),
                                      hub.clock.now(), request.body, secrets);
    CHECK(request.header("webhook-signature") == again.header("webhook-signature"));
}

TEST_CASE(
    "messages: what a gateway does not take comes again, with the same id, also after a restart")
{
    Gateway gateway;
    gateway.answer(503);
    HubCaller hub(messagesConfig(gateway));
    book(hub, "13800000000");
    const auto first = gateway.next();
    hub.restart();
    gateway.answer(204);
    hub.clock.advance(seconds(6));
    const auto second = gateway.next();
    CHECK(first.header("webhook-id") == second.header("webhook-id"));
    CHECK(first.body == second.body);
    book(hub, "13900000000", "en"); // the next one is the next one: the first is done
    CHECK(json::parse(gateway.next().body).at("data").at("to") == "13900000000");
    CHECK(gateway.quiet());
}

TEST_CASE("messages: a late message never says what is no longer so")
{
    Gateway gateway;
    gateway.answer(503);
    HubCaller hub(messagesConfig(gateway));
    const auto appointment = book(hub, "13800000000");
    static_cast<void>(gateway.next());
    const std::string path = "/v1/appointments/" + appointment.at("id").get<std::string>();
    gateway.answer(204);
    REQUIRE(
        hub.post(path + "/cancel", appointment.at("token"), json::object(), {{"If-Match", "\"2\""}})
            .status == 200);
    CHECK(json::parse(gateway.next().body).at("type") == "appointment.cancelled");
    hub.clock.advance(seconds(6));
    book(hub, "13900000000");
    CHECK(json::parse(gateway.next().body).at("data").at("to") == "13900000000");
}

TEST_CASE("messages: in English they read like English")
{
    auto branch = queue::domain::demoBranch();
    queue::domain::Appointment appointment;
    appointment.state = queue::domain::AppointmentState::Booked;
    appointment.service = "cash";
    appointment.start = fromRfc3339("2026-12-01T09:00:00+08:00").value();
    appointment.code = "1234567890";
    appointment.language = "en";
    CHECK(messageText(branch, "appointment.booked", appointment, {}) ==
          "Demo outlet: booked Cash on 1 Dec 09:00. Check-in number 1234567890. Please bring: your "
          "identity card.");
    CHECK_FALSE(messageText(branch, "appointment.moved", appointment, {}));
    appointment.moves = 1;
    CHECK(messageText(branch, "appointment.moved", appointment, {}) ==
          "Demo outlet: your appointment is now 1 Dec 09:00, Cash. Check-in number 1234567890. "
          "Please bring: your identity card.");
    appointment.state = queue::domain::AppointmentState::Cancelled;
    CHECK(messageText(branch, "appointment.cancelled", appointment, {}) ==
          "Demo outlet: your appointment on 1 Dec 09:00 (Cash) is cancelled.");
}
