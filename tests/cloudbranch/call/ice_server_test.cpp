// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/ice_server.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::call;

TEST_CASE("ice server: user and password of a TURN server are percent-encoded into its address")
{
    const auto uri = iceUri("turn:relay.bank:3478?transport=udp", "1764244800:k1", "aB+/c=");
    REQUIRE(uri);
    CHECK(uri->turn);
    CHECK(uri->uri == "turn://1764244800%3Ak1:aB%2B%2Fc%3D@relay.bank:3478?transport=udp");
}

TEST_CASE("ice server: a port that is not said is the protocol's own")
{
    CHECK(iceUri("stun:relay.bank", "", "")->uri == "stun://relay.bank:3478");
    CHECK(iceUri("turns:relay.bank", "u", "p")->uri == "turns://u:p@relay.bank:5349");
    CHECK(iceUri("turn:[::1]", "u", "p")->uri == "turn://u:p@[::1]:3478");
}

TEST_CASE("ice server: what is no server's address is refused without repeating a password")
{
    for (const auto* url : {"", "turn", "turn:", "http:h", "turn:h?transport=sctp", "stun:h?a=b",
                            "turn:u@h", "turn:h/p", "turn:h p"}) {
        INFO(url);
        const auto uri = iceUri(url, "user", "s3cret");
        REQUIRE_FALSE(uri);
        CHECK(uri.error().code == Errc::Invalid);
        CHECK(uri.error().detail.find("s3cret") == std::string::npos);
    }
    CHECK_FALSE(iceUri("turn:h", "", ""));
}
