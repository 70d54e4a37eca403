// SPDX-License-Identifier: Apache-2.0
#include "queue/api/tokens.h"

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "queue/api/base45.h"
#include "queue/api/rate_limits.h"

using namespace guichet;
using namespace guichet::queue::api;

TEST_CASE("base45: the examples of RFC 9285")
{
    CHECK(toBase45(asBytes("AB")) == "BB8");
    CHECK(toBase45(asBytes("Hello!!")) == "%69 VD92EX0");
    CHECK(toBase45(asBytes("base-45")) == "UJCLQE7W581");
    CHECK(asText(fromBase45("QED8WEX0").value()) == "ietf!");
    CHECK(toBase45({}).empty());
}

TEST_CASE("base45: what no bytes are written as is refused")
{
    for (const auto* wrong : {"A", "BB8A", "GGW1", ":::", "bb8", "GGX", "::"}) {
        INFO(wrong);
        CHECK_FALSE(fromBase45(wrong));
    }
}

TEST_CASE("codes: a code names its visit to the hub that made it, and to no other")
{
    const VisitTokens ours{Secret<Bytes>(Bytes(32, std::byte{1}))};
    const VisitTokens theirs{Secret<Bytes>(Bytes(32, std::byte{2}))};
    const auto visit = randomUuid();
    const auto code = ours.makeCode(visit);
    CHECK(code.size() == 55); // version 3 of a QR code, EC level M
    CHECK(ours.visitOfCode(code) == visit);
    CHECK_FALSE(theirs.visitOfCode(code));
    CHECK_FALSE(ours.visitOf(code.substr(4))); // a code is no key to the page
    CHECK(ours.visitOfCode("http://127.0.0.1:8480/t/" + ours.make(visit)) == visit);
    CHECK_FALSE(ours.visitOfCode("http://127.0.0.1:8480/t/" + theirs.make(visit)));
}

TEST_CASE("codes: no other way of writing a code is taken for it")
{
    const VisitTokens tokens{Secret<Bytes>(Bytes(32, std::byte{1}))};
    const auto code = tokens.makeCode(randomUuid());
    for (std::size_t at = 0; at < code.size(); ++at) {
        auto changed = code;
        changed[at] = changed[at] == 'Z' ? 'Y' : 'Z';
        CHECK_FALSE(tokens.visitOfCode(changed));
    }
    for (std::size_t length = 0; length < code.size(); ++length) {
        CHECK_FALSE(tokens.visitOfCode(code.substr(0, length)));
    }
    CHECK_FALSE(tokens.visitOfCode(code + "0"));
}

TEST_CASE("rate limits: a burst, then one at a time, each caller alone")
{
    ManualClock clock{Instant()};
    RateLimits limits(clock, {2, std::chrono::seconds(10)});
    CHECK(limits.take("a"));
    CHECK(limits.take("a"));
    CHECK_FALSE(limits.take("a"));
    CHECK(limits.take("b"));
    clock.advance(std::chrono::seconds(9));
    CHECK_FALSE(limits.left("a"));
    clock.advance(std::chrono::seconds(1));
    CHECK(limits.take("a"));
    CHECK_FALSE(limits.take("a"));
}

TEST_CASE("rate limits: an IPv6 customer is a network of 64 bits")
{
    CHECK(callerOf("2001:db8:1:2::1") == callerOf("2001:db8:1:2:ffff::9"));
    CHECK(callerOf("2001:db8:1:2::1") != callerOf("2001:db8:1:3::1"));
    CHECK(callerOf("192.0.2.1") != callerOf("192.0.2.2"));
}
