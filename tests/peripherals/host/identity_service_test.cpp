// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/identity_service.h"

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

net::SocketCallbacks connect(IdentityService& identity, const std::shared_ptr<FakeSocket>& socket)
{
    return std::get<net::SocketCallbacks>(identity.handler()(net::Request{}, socket));
}

/// The answer to a request, without the events before it.
json answerTo(const net::SocketCallbacks& connection, FakeSocket& socket, const json& request)
{
    connection.onText(request.dump());
    for (;;) {
        auto message = socket.messages.take();
        if (message.contains("result") || message.contains("error")) {
            return message;
        }
    }
}

} // namespace

TEST_CASE("identity: the time for a card counts from receipt, even behind another operation",
          "[host]")
{
    test::FakeHelper helper;
    REQUIRE(helper.ups.take());
    const auto other = helper.start("wait");
    REQUIRE(helper.events.take() == "waiting");
    IdentityService identity;
    identity.add({"cardreader", "readCard", &helper.process});
    const auto socket = std::make_shared<FakeSocket>();
    const auto connection = connect(identity, socket);
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

TEST_CASE("identity: each request goes to a device that can do it", "[host]")
{
    test::FakeHelper contact;
    test::FakeHelper contactless;
    test::FakeHelper resident;
    for (auto* helper : {&contact, &contactless, &resident}) {
        REQUIRE(helper->ups.take());
    }
    IdentityService identity;
    identity.add({"cardreader", "readCard", &contact.process});
    identity.add({"contactless", "readCard", &contactless.process});
    identity.add({"residentreader", "readResident", &resident.process});
    const auto socket = std::make_shared<FakeSocket>();
    const auto connection = connect(identity, socket);

    SECTION("a resident card is read by its reader")
    {
        const auto read = answerTo(connection, *socket, {{"id", 1}, {"op", "readResident"}});
        CHECK(read["result"]["kind"] == "resident");
    }
    SECTION("which devices there are, and how they are, is told and kept up to date")
    {
        identity.deviceState("contactless", "online");
        CHECK(socket->messages.take() ==
              json{{"event", "deviceState"}, {"device", "contactless"}, {"state", "online"}});
        const auto told = answerTo(connection, *socket, {{"id", 1}, {"op", "devices"}});
        CHECK(told["result"]["devices"] ==
              json::array(
                  {{{"device", "cardreader"}, {"op", "readCard"}, {"state", "offline"}},
                   {{"device", "contactless"}, {"op", "readCard"}, {"state", "online"}},
                   {{"device", "residentreader"}, {"op", "readResident"}, {"state", "offline"}}}));
    }
    SECTION("the first that is online is asked, unless a device is named")
    {
        // Who waits does not answer: an occupied device shows that it was chosen.
        contact.start("wait");
        REQUIRE(contact.events.take() == "waiting");
        identity.deviceState("contactless", "online");
        const auto read = answerTo(connection, *socket, {{"id", 1}, {"op", "readCard"}});
        CHECK(read["result"]["scheme"] == "UnionPay");
        const auto named =
            answerTo(connection, *socket,
                     {{"id", 2}, {"op", "readCard"}, {"device", "cardreader"}, {"timeoutMs", 50}});
        CHECK(named["error"]["code"] == "timeout");
    }
    SECTION("what no device can do is refused")
    {
        for (const auto& request :
             {json{{"id", 1}, {"op", "readPalm"}},
              json{{"id", 1}, {"op", "readResident"}, {"device", "camera"}}}) {
            const auto refused = answerTo(connection, *socket, request);
            CHECK(refused["error"]["code"] == "unsupported");
        }
        const auto odd =
            answerTo(connection, *socket, {{"id", 1}, {"op", "readCard"}, {"device", 7}});
        CHECK(odd["error"]["code"] == "invalid");
    }
    connection.onClosed();
}

TEST_CASE("identity: the handle of a zone opens a chip once, on its connection", "[host]")
{
    test::FakeHelper camera;
    test::FakeHelper cards;
    for (auto* helper : {&camera, &cards}) {
        REQUIRE(helper->ups.take());
    }
    IdentityService identity;
    identity.add({"mrzreader", "readMrz", &camera.process});
    identity.add({"cardreader", "readPassport", &cards.process});
    identity.zoneRecipient("cardreader", "the fake's key");
    const auto socket = std::make_shared<FakeSocket>();
    const auto connection = connect(identity, socket);
    const auto zone = answerTo(connection, *socket, {{"id", 1}, {"op", "readMrz"}});
    REQUIRE(zone.contains("result"));
    CHECK(zone.dump().find("zone for") == std::string::npos);
    const json read{
        {"id", 2}, {"op", "readPassport"}, {"key", {{"handle", zone["result"]["handle"]}}}};
    const auto refusal = [](const json& answer) { return answer["error"]["code"]; };

    SECTION("a second chip needs the zone again")
    {
        CHECK(answerTo(connection, *socket, read).contains("result"));
        const auto again = answerTo(connection, *socket, read);
        CHECK(refusal(again) == "notFound");
        CHECK(again["error"]["remedy"] == "retry");
    }
    SECTION("another connection has no such handle")
    {
        const auto otherSocket = std::make_shared<FakeSocket>();
        const auto other = connect(identity, otherSocket);
        CHECK(refusal(answerTo(other, *otherSocket, read)) == "notFound");
        other.onClosed();
    }
    SECTION("a session's end forgets it")
    {
        CHECK(answerTo(connection, *socket, {{"id", 3}, {"op", "forget"}})["result"].empty());
        CHECK(refusal(answerTo(connection, *socket, read)) == "notFound");
    }
    SECTION("a read that failed leaves it for the next try")
    {
        identity.zoneRecipient("cardreader", "of another process");
        CHECK(answerTo(connection, *socket, {{"id", 4}, {"op", "readMrz"}}).contains("result"));
        for (int attempt = 0; attempt < 2; ++attempt) {
            const auto answer = answerTo(connection, *socket, read);
            CHECK(answer["error"]["detail"] == "sealed to another key");
        }
    }
    SECTION("a client cannot say what only helpers say")
    {
        for (const auto& key :
             {json{{"handle", 7}}, json{{"handle", "x"}, {"cardAccessNumber", "1"}}}) {
            CHECK(refusal(answerTo(connection, *socket,
                                   {{"id", 5}, {"op", "readPassport"}, {"key", key}})) ==
                  "invalid");
        }
    }
    connection.onClosed();
}
