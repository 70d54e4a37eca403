// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/own_services.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

namespace {

/// The server's end of a connection without a network.
class FakeSocket final : public net::Socket {
public:
    bool send(std::string_view text) override
    {
        messages.put(json::parse(text));
        return true;
    }
    void close(std::uint16_t, std::string_view) override {}
    bool open() const override { return true; }

    test::Inbox<json> messages;
};

} // namespace

TEST_CASE("identity: the time for a card counts from receipt, even behind another operation",
          "[host]")
{
    test::FakeHelper helper;
    REQUIRE(helper.ups.take());
    const auto other = helper.start("wait");
    REQUIRE(helper.events.take() == "waiting");
    IdentityService identity(helper.process);
    const auto socket = std::make_shared<FakeSocket>();
    const auto connection =
        std::get<net::SocketCallbacks>(identity.handler()(net::Request{}, socket));
    connection.onText(R"({"id":1,"op":"readCard","timeoutMs":50})");
    const auto late = socket->messages.take();
    CHECK(late["id"] == 1);
    CHECK(late["error"]["code"] == "timeout");
    CHECK(late["error"]["remedy"] == "insertCard");

    helper.process.stop(other);
    CHECK_FALSE(helper.answers.take());
    connection.onText(R"({"id":2,"op":"readCard","timeoutMs":60000})");
    json message;
    while (!message.contains("result")) {
        message = socket->messages.take();
        CHECK(message["id"] == 2);
    }
    connection.onClosed();
}
