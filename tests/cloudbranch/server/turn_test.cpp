// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cloudbranch/server/assists/ice_servers.h"
#include "tests/support/coturn.h"

using namespace guichet;
using namespace guichet::hub;
using guichet::test::Coturn;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

Secret<std::string> secret(std::string text = Coturn::kSecret)
{
    return Secret<std::string>(std::move(text));
}

const Instant kIssued = fromRfc3339("2026-11-25T09:00:00+08:00").value();

/// The real clock: coturn has no other.
TurnCredentials good()
{
    return turnCredentials(secret(), "terminal-as-1", SystemClock().now() + 10min);
}

bool wasRelayed(const std::string& said)
{
    return said.find("tot_send_msgs=2, tot_recv_msgs=2") != std::string::npos &&
           said.find("status 0") != std::string::npos;
}

} // namespace

TEST_CASE("turn: a credential is the relay's own arithmetic over its end and its name")
{
    // printf %s "1795781945:terminal-as-1" | openssl dgst -sha1 -hmac SECRET -binary | base64
    const auto made =
        turnCredentials(secret(), "terminal-as-1", Instant(std::chrono::seconds(1'795'781'945)));
    CHECK(made.username == "1795781945:terminal-as-1");
    CHECK(made.password == "si09V8o3C8ncOyMTzIpBDo6TJfM=");
}

TEST_CASE("turn: an address of a relay is one of RFC 7065, and nothing else")
{
    const auto good = GENERATE("turn:relay.bank.example", "turn:192.0.2.10:3478?transport=udp",
                               "turns:relay.bank.example:443?transport=tcp",
                               "turns:[2001:db8::7]:5349", "turn:relay?transport=tcp");
    CHECK(isTurnUrl(good));
}

TEST_CASE("turn: what is no address of a relay is refused")
{
    const auto bad = GENERATE("", "turn:", "stun:relay", "turn://relay", "https://relay",
                              "turn:relay:0", "turn:relay:65536", "turn:relay:", "turn:relay:80x",
                              "turn:relay?transport=sctp", "turn:user@relay", "turn:[::1",
                              "turn:[]:80", "turn:[zz]", "turn:re lay", "turn:relay\n");
    CHECK_FALSE(isTurnUrl(bad));
    CHECK_FALSE(isTurnUrl("turn:" + std::string(300, 'a')));
}

TEST_CASE(
    "turn: each end of an assist has credentials of its own, which stay until half their life")
{
    TurnSettings settings{.urls = {"turn:relay"}, .secret = secret(), .lifetime = 1h};
    IceServers ice(settings);
    const auto terminal = ice.document("as-1", CallEnd::Terminal, kIssued);
    const auto seat = ice.document("as-1", CallEnd::Seat, kIssued);
    CHECK(terminal.at("servers").at(0).at("urls") == json{"turn:relay"});
    CHECK(terminal.at("servers").at(0).at("username") ==
          std::to_string((kIssued + 1h).time_since_epoch() / 1s) + ":terminal-as-1");
    CHECK(seat.at("servers").at(0).at("username") ==
          std::to_string((kIssued + 1h).time_since_epoch() / 1s) + ":seat-as-1");
    CHECK(terminal.at("relayOnly") == false);
    CHECK(seat.at("relayOnly") == true);

    CHECK(ice.document("as-1", CallEnd::Terminal, kIssued + 30min) == terminal);
    CHECK(ice.takeOld(kIssued + 30min).empty());
    CHECK(ice.takeOld(kIssued + 31min) == std::set<std::string>{"as-1"});
    CHECK(ice.document("as-1", CallEnd::Terminal, kIssued + 31min) != terminal);
    CHECK(ice.takeOld(kIssued + 31min).empty());
}

TEST_CASE("turn: an end that begins anew, or a clock that was set back, gets new credentials")
{
    TurnSettings settings{.urls = {"turn:relay"}, .secret = secret(), .seatRelayOnly = false};
    IceServers ice(settings);
    const auto terminal = ice.document("as-1", CallEnd::Terminal, kIssued);
    const auto seat = ice.document("as-1", CallEnd::Seat, kIssued);
    CHECK(seat.at("relayOnly") == false);
    ice.renew("as-1", CallEnd::Terminal);
    CHECK(ice.document("as-1", CallEnd::Terminal, kIssued + 1s) != terminal);
    CHECK(ice.document("as-1", CallEnd::Seat, kIssued + 1s) == seat);
    CHECK(ice.document("as-1", CallEnd::Seat, kIssued - 1s) != seat);
    ice.keepOnly({"as-2"});
    CHECK(ice.takeOld(kIssued + 24h).empty());
}

TEST_CASE("turn: coturn with our configuration relays for whom the hub has given credentials")
{
    const Coturn relay(Coturn::withBranches());
    CHECK_THAT(relay.allocate(good()), Catch::Predicate<std::string>(wasRelayed, "is relayed"));
}

TEST_CASE("turn: over TLS coturn takes the same credentials, and refuses the same")
{
    const Coturn relay(Coturn::withBranches(), {"no-tlsv1", "no-tlsv1_1"});
    CHECK_THAT(relay.allocateOverTls(good()),
               Catch::Predicate<std::string>(wasRelayed, "is relayed"));
    const auto expired = turnCredentials(secret(), "seat-as-1", SystemClock().now() - 1min);
    CHECK_THAT(relay.allocateOverTls(expired), Catch::Contains("Cannot complete Allocation"));
}

TEST_CASE("turn: coturn with our configuration speaks TLS by its certificate")
{
    const Coturn relay;
    CHECK_THAT(relay.greetByTls(), Catch::Contains("Verification: OK"));
}

TEST_CASE("turn: coturn with our configuration refuses an expired credential, and one of another "
          "secret")
{
    const Coturn relay;
    const auto expired = turnCredentials(secret(), "seat-as-1", SystemClock().now() - 1min);
    CHECK_THAT(relay.allocate(expired), Catch::Contains("Cannot complete Allocation"));
    const auto foreign = turnCredentials(secret("another-secret-of-a-test"), "seat-as-1",
                                         SystemClock().now() + 10min);
    CHECK_THAT(relay.allocate(foreign), Catch::Contains("Cannot complete Allocation"));
    auto longer = expired; // the end of another one under the password of this one
    longer.username = good().username;
    CHECK_THAT(relay.allocate(longer), Catch::Contains("Cannot complete Allocation"));
}

TEST_CASE("turn: coturn with our configuration relays nobody to itself or into private networks")
{
    const Coturn relay;
    const auto peer = GENERATE("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1",
                               "169.254.169.254");
    CHECK_THAT(relay.allocate(good(), peer), Catch::Contains("403 (Forbidden IP)"));
}
