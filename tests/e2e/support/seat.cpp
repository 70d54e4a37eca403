// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/seat.h"

#include <QTest>
#include <mutex>
#include <vector>

#include <catch2/catch.hpp>

#include "peripherals/net/client.h"

namespace guichet::test {

using nlohmann::json;

namespace {

constexpr auto kSeatHub = "http://127.0.0.1:8480";
constexpr int kSeatWaitMs = 30'000;

std::string tokenOf(const std::string& user)
{
    auto client = net::Client::open({.baseUrl = kSeatHub});
    REQUIRE(client);
    net::Request request{.method = "POST",
                         .path = "/v1/login",
                         .body = json{{"user", user}, {"password", "demo"}}.dump()};
    request.headers.set("Content-Type", "application/json");
    const auto answer = (*client)->send(request, std::chrono::seconds(10));
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
    return json::parse(answer->body).at("token");
}

} // namespace

struct Seat::Line {
    std::mutex mutex;
    std::vector<json> heard;
    std::string assist;
    std::unique_ptr<net::WebSocketClient> socket; ///< last

    std::vector<json> all()
    {
        const std::lock_guard lock(mutex);
        return heard;
    }
};

Seat::Seat(const std::string& user)
    : m_line(std::make_unique<Line>())
{
    auto& line = *m_line;
    const auto token = tokenOf(user);
    auto socket = net::WebSocketClient::connect(
        {.server = {.baseUrl = kSeatHub}, .request = {.path = "/v1/seats/signal"}},
        {.onText =
             [&line](std::string_view text) {
                 const std::lock_guard lock(line.mutex);
                 line.heard.push_back(json::parse(text));
             },
         .onClosed = [](const Error&) {}});
    REQUIRE(socket);
    line.socket = std::move(*socket);
    REQUIRE(line.socket->send(json{{"type", "hello"}, {"token", token}}.dump()));
    REQUIRE_FALSE(until("seat").is_null());
}

Seat::~Seat() = default;

void Seat::say(const std::string& type, json fields)
{
    fields["type"] = type;
    if (type != "ready" && type != "away" && !fields.contains("assist")) {
        fields["assist"] = m_line->assist;
    }
    REQUIRE(m_line->socket->send(fields.dump()));
}

json Seat::until(const std::string& type, const std::function<bool(const json&)>& fits)
{
    json found;
    const bool came = QTest::qWaitFor(
        [&] {
            for (const auto& message : m_line->all()) {
                if ((type.empty() || message.at("type") == type) && (!fits || fits(message))) {
                    found = message;
                    return true;
                }
            }
            return false;
        },
        kSeatWaitMs);
    return came ? found : json();
}

json Seat::takeCall()
{
    say("ready");
    const auto ringing =
        until("seat", [](const json& seat) { return seat.at("state") == "ringing"; });
    REQUIRE_FALSE(ringing.is_null());
    m_line->assist = ringing.at("assist").at("id");
    say("accept");
    const auto known =
        until("case", [this](const json& each) { return each.at("assist") == m_line->assist; });
    REQUIRE_FALSE(known.is_null());
    return known;
}

} // namespace guichet::test
