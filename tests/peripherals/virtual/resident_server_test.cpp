// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/resident_server.h"

#include <catch2/catch.hpp>

#include "wire.h"

using namespace guichet;
using namespace guichet::virtualdevices;
using guichet::test::eventually;
using guichet::test::Wire;

namespace {

constexpr const char* kFind = "AAAAAA96690003200122";
constexpr const char* kFound = "AAAAAA9669000800009F0000000097";
constexpr const char* kNoCard = "AAAAAA9669000400008084";

} // namespace

TEST_CASE("resident server: a host asks for the card that lies there")
{
    const auto server = std::move(*ResidentServer::start({"127.0.0.1", 0}));
    auto host = Wire::to(server->port());
    REQUIRE(host.send(kFind));
    CHECK(host.readHex(11) == kNoCard);
    server->place(*findResidentCard("resident"));
    CHECK(server->state().card == "resident");
    REQUIRE(host.send(kFind));
    CHECK(host.readHex(15) == kFound);
    CHECK(server->remove());
    CHECK_FALSE(server->remove());
    REQUIRE(host.send(kFind));
    CHECK(host.readHex(11) == kNoCard);
}

TEST_CASE(
    "resident server: who pulls its cable ends the connection, who plugs it in gets a new one")
{
    const auto server = std::move(*ResidentServer::start({"127.0.0.1", 0}));
    auto host = Wire::to(server->port());
    CHECK(eventually([&] { return server->state().connected; }));
    REQUIRE(server->plug(false));
    CHECK_FALSE(server->state().plugged);
    CHECK_FALSE(server->state().connected);
    CHECK_FALSE(connectTo({"127.0.0.1", server->port()}, test::kDeadline));
    REQUIRE(server->plug(true));
    auto again = Wire::to(server->port());
    REQUIRE(again.send(kFind));
    CHECK(again.readHex(11) == kNoCard);
}

TEST_CASE("resident server: the next host is served once the first has left")
{
    const auto server = std::move(*ResidentServer::start({"127.0.0.1", 0}));
    auto second = [&] {
        auto first = Wire::to(server->port());
        REQUIRE(first.send(kFind));
        CHECK(first.readHex(11) == kNoCard);
        auto waiting = Wire::to(server->port());
        REQUIRE(waiting.send(kFind));
        return waiting;
    }();
    CHECK(second.readHex(11) == kNoCard);
}
