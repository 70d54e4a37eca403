// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "cloudbranch/server/authority.h"
#include "peripherals/base/private_file.h"
#include "peripherals/net/presented_chain.h"
#include "queue/client/identity_renewal.h"
#include "tests/cloudbranch/server/outlet_world.h"
#include "tests/peripherals/net/support.h"
#include "tests/support/shell.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;
using guichet::test::run;
using namespace std::chrono_literals;

namespace {

std::string file(const std::filesystem::path& path)
{
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

net::Response enrolBy(const OutletWorld& world, const std::string& code, const std::string& request,
                      const std::string& retryKey = {})
{
    net::Request sent{.method = "POST",
                      .path = "/v1/enrolments",
                      .body = json{{"code", code}, {"request", request}}.dump()};
    if (!retryKey.empty()) {
        sent.headers.set("Idempotency-Key", retryKey);
    }
    return world.send(world.browser(), sent);
}

net::Request queueRequest()
{
    return {.path = "/v1/branches/b7/queue"};
}

/// What a stranger's authority gives to somebody who calls himself k1.
net::ClientTls foreign(const OutletWorld& world, const Clock& clock)
{
    const auto strange = world.folder.path() / "strange";
    REQUIRE(Authority::create(strange, "b7", clock.now()));
    const auto authority = Authority::open(strange, clock);
    REQUIRE(authority);
    const auto made = certificateRequest();
    const auto certificate = (*authority)->issue("k1", made.request);
    REQUIRE(certificate);
    const auto own = world.folder.file("strange.pem", certificate->pem + made.key).string();
    return {.caFile = world.browser().caFile, .certificateFile = own, .keyFile = own};
}

} // namespace

TEST_CASE("enrolment: a terminal with a code gets a certificate and then calls as itself")
{
    OutletWorld world;
    const auto identity = world.enrol("k1");
    CHECK(identity.name == "k1");
    CHECK(identity.branch == "b7");
    CHECK(world
              .post(world.browser(), "/v1/branches/b7/business-day", {{"state", "open"}},
                    world.supervisor())
              .status == 200);
    CHECK(world.send(tlsOf(identity), numberRequest("b7")).status == 201);
    CHECK(world.send(world.browser(), numberRequest("b7")).status == 401);
    const auto permissions = std::filesystem::status(identity.file).permissions();
    CHECK(permissions ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("enrolment: OpenSSL's own program finds the certificates as they should be")
{
    OutletWorld world;
    const auto terminal = world.enrol("k1").file.string();
    const auto authority = (world.data / "authority" / "authority.pem").string();
    const auto server = (world.data / "authority" / "server.pem").string();
    const auto verified = [&](const std::string& purpose, const std::string& certificate) {
        return run("openssl verify -x509_strict -CAfile " + authority + " -purpose " + purpose +
                   " " + certificate)
            .status;
    };
    CHECK(verified("sslclient", terminal) == 0);
    CHECK(verified("sslserver", terminal) != 0);
    CHECK(verified("sslserver", server) == 0);
    CHECK(verified("sslclient", server) != 0);
    const auto text = run("openssl x509 -noout -text -in " + terminal).output;
    CHECK(text.find("Subject: CN = k1") != std::string::npos);
    CHECK(text.find("URI:urn:guichet:terminal:k1") != std::string::npos);
    CHECK(text.find("TLS Web Client Authentication") != std::string::npos);
    CHECK(text.find("CA:FALSE") != std::string::npos);
    CHECK(text.find("prime256v1") != std::string::npos);
    CHECK(run("openssl pkey -noout -check -in " + terminal).status == 0);
}

TEST_CASE("enrolment: a request's own words count for nothing, the code's name does")
{
    OutletWorld world;
    const auto response =
        enrolBy(world, world.code("k1"), certificateRequest("supervisor").request);
    REQUIRE(response.status == 201);
    const auto kept = world.folder.file("k1.pem", parsed(response).at("certificate"));
    const auto text = run("openssl x509 -noout -text -in " + kept.string()).output;
    CHECK(text.find("Subject: CN = k1") != std::string::npos);
    CHECK(text.find("supervisor") == std::string::npos);
}

TEST_CASE("enrolment: what is no request for a P-256 key is refused, and the code stays good")
{
    OutletWorld world;
    const auto code = world.code("k1");
    auto altered = certificateRequest().request;
    altered[altered.size() / 2] = altered[altered.size() / 2] == 'A' ? 'B' : 'A';
    for (const auto& request :
         {certificateRequest("k1", "P-384").request, certificateRequest("k1", nullptr).request,
          std::string("-----BEGIN CERTIFICATE REQUEST-----\n"), std::string("hello"), altered,
          certificateRequest().request + certificateRequest().request}) {
        INFO(request);
        const auto response = enrolBy(world, code, request);
        CHECK(response.status == 422);
        CHECK(fieldOf(response) == "request");
    }
    CHECK(enrolBy(world, code, certificateRequest().request).status == 201);
}

TEST_CASE("enrolment: a code is good for one terminal, once")
{
    OutletWorld world;
    const auto code = world.code("k1");
    const auto request = certificateRequest().request;
    const auto first = enrolBy(world, code, request, "one");
    REQUIRE(first.status == 201);
    CHECK(codeOf(enrolBy(world, code, certificateRequest().request)) == "code-used");
    CHECK(codeOf(enrolBy(world, code, request)) == "code-used");
    CHECK(codeOf(enrolBy(world, code, certificateRequest().request, "one")) == "code-used");
    // The first answer may have been lost: the same request gives the same certificate.
    const auto again = enrolBy(world, code, request, "one");
    REQUIRE(again.status == 201);
    CHECK(parsed(again).at("certificate") == parsed(first).at("certificate"));
    world.restart();
    CHECK(codeOf(enrolBy(world, code, certificateRequest().request)) == "code-used");
}

TEST_CASE(
    "enrolment: a code ends after a quarter of an hour, and with a newer one for its terminal")
{
    OutletWorld world;
    const auto request = certificateRequest().request;
    const auto old = world.code("k1");
    world.clock.advance(15min);
    CHECK(codeOf(enrolBy(world, old, request)) == "code-refused");
    const auto older = world.code("k1");
    const auto newer = world.code("k1");
    CHECK(codeOf(enrolBy(world, older, request)) == "code-refused");
    CHECK(enrolBy(world, newer, request).status == 201);
}

TEST_CASE("enrolment: five wrong codes lock an address for a quarter of an hour")
{
    OutletWorld world;
    const auto right = world.code("k1");
    auto wrong = right;
    wrong[0] = wrong[0] == '0' ? '1' : '0';
    const auto request = certificateRequest().request;
    for (int guess = 0; guess < 5; ++guess) {
        CHECK(enrolBy(world, wrong, request).status == 403);
    }
    const auto locked = enrolBy(world, right, request);
    CHECK(locked.status == 429);
    CHECK(locked.header("Retry-After") == "900");
    world.clock.advance(15min);
    CHECK(enrolBy(world, world.code("k1"), request).status == 201);
}

TEST_CASE("enrolment: a code tells its terminal which hub to believe, before anything is sent")
{
    OutletWorld world;
    OutletWorld other;
    const auto identity = queue::enrolTerminal(world.folderOf("k1"), other.url(), world.code("k1"));
    REQUIRE_FALSE(identity);
    CHECK(identity.error().code == Errc::Denied);
    CHECK_FALSE(std::filesystem::exists(world.folderOf("k1") / "terminal.pem"));
    CHECK(other.command({{"do", "terminals"}}).at("terminals").empty());
}

TEST_CASE("enrolment: a hub without an authority of its own has nothing to give")
{
    HubCaller demo;
    const auto response = demo.post("/v1/enrolments", {}, {{"code", "x"}, {"request", "y"}});
    CHECK(codeOf(response) == "no-authority");
    CHECK(codeOf(demo.get("/v1/terminals", demo.supervisor)) == "no-authority");
}

TEST_CASE("certificates: one of a stranger's authority does not even get through TLS")
{
    OutletWorld world;
    (void)world.enrol("k1");
    const auto response = world.trySend(foreign(world, world.clock), queueRequest());
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::Denied);
}

TEST_CASE("certificates: the hub's own certificate is no terminal's")
{
    OutletWorld world;
    const auto server = (world.data / "authority" / "server.pem").string();
    const auto response = world.trySend(
        {.caFile = world.browser().caFile, .certificateFile = server, .keyFile = server},
        queueRequest());
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::Denied);
}

TEST_CASE("certificates: one that our authority signed but the outlet does not know is refused")
{
    OutletWorld world;
    const auto authority = Authority::open(world.data / "authority", world.clock);
    REQUIRE(authority);
    const auto made = certificateRequest();
    const auto certificate = (*authority)->issue("k1", made.request);
    REQUIRE(certificate);
    const auto own = world.folder.file("k1.pem", certificate->pem + made.key).string();
    const auto response = world.send(
        {.caFile = world.browser().caFile, .certificateFile = own, .keyFile = own}, queueRequest());
    CHECK(codeOf(response) == "certificate-unknown");
}

TEST_CASE("certificates: an expired one is refused, and not taken for somebody without one")
{
    OutletWorld world;
    const auto identity = world.enrol("k1");
    world.clock.advance(24h * 90);
    CHECK(codeOf(world.send(tlsOf(identity), numberRequest("b7"))) == "certificate-expired");
    CHECK(codeOf(world.send(tlsOf(identity), queueRequest())) == "certificate-expired");
    const auto renewed = queue::renewIdentity(world.folderOf("k1"));
    REQUIRE_FALSE(renewed);
    CHECK(renewed.error().code == Errc::Denied);
}

TEST_CASE("certificates: revocation acts at once, on a connection that is kept and on a stream")
{
    OutletWorld world;
    const auto identity = world.enrol("k1");
    const auto client = net::Client::open({.baseUrl = world.url(), .tls = tlsOf(identity)});
    REQUIRE(client);
    CHECK((*client)->send(queueRequest(), 10s)->status == 200);
    net::test::Watched<std::pair<int, int>> opened; // and left
    const auto source = net::EventSource::open(
        {.server = {.baseUrl = world.url(), .tls = tlsOf(identity)},
         .request = {.path = "/v1/branches/b7/events"}},
        [](const net::ServerEvent&) {},
        [&](net::StreamState state, const Error*) {
            opened.change([&](auto& counts) {
                counts.first += state == net::StreamState::Open ? 1 : 0;
                counts.second += state == net::StreamState::Waiting && counts.first > 0 ? 1 : 0;
            });
        });
    REQUIRE(source);
    REQUIRE(opened.wait([](const auto& counts) { return counts.first == 1; }));
    const auto revoked =
        world.post(world.browser(), "/v1/terminals/k1/revoke", json::object(), world.supervisor());
    REQUIRE(revoked.status == 204);
    CHECK(codeOf(*(*client)->send(queueRequest(), 10s)) == "certificate-revoked");
    CHECK(opened.wait([](const auto& counts) { return counts.second > 0; }));
    world.restart();
    CHECK(codeOf(world.send(tlsOf(identity), queueRequest())) == "certificate-revoked");
    const auto renewed = queue::renewIdentity(world.folderOf("k1"));
    REQUIRE_FALSE(renewed);
    CHECK(renewed.error().code == Errc::Denied);
    // A new code is the way back, for a new key.
    CHECK(world.send(tlsOf(world.enrol("k1")), queueRequest()).status == 200);
}

TEST_CASE("certificates: a terminal that is enrolled again ends what had its name before")
{
    OutletWorld world;
    const auto lost = world.enrol("k1");
    const auto kept = world.folder.file("lost.pem", file(lost.file)).string();
    const net::ClientTls old{.caFile = kept, .certificateFile = kept, .keyFile = kept};
    CHECK(world.send(old, queueRequest()).status == 200);
    const auto found = world.enrol("k1");
    CHECK(codeOf(world.send(old, queueRequest())) == "certificate-revoked");
    CHECK(world.send(tlsOf(found), queueRequest()).status == 200);
}

TEST_CASE("certificates: a stream of one that expires is closed when the hub tidies up")
{
    OutletWorld world;
    const auto identity = world.enrol("k1");
    net::test::Watched<std::pair<int, int>> opened; // and left
    const auto source = net::EventSource::open(
        {.server = {.baseUrl = world.url(), .tls = tlsOf(identity)},
         .request = {.path = "/v1/branches/b7/events"}},
        [](const net::ServerEvent&) {},
        [&](net::StreamState state, const Error*) {
            opened.change([&](auto& counts) {
                counts.first += state == net::StreamState::Open ? 1 : 0;
                counts.second += state == net::StreamState::Waiting && counts.first > 0 ? 1 : 0;
            });
        });
    REQUIRE(source);
    REQUIRE(opened.wait([](const auto& counts) { return counts.first == 1; }));
    world.clock.advance(24h * 90);
    world.hub().tidy();
    CHECK(opened.wait([](const auto& counts) { return counts.second > 0; }));
}

TEST_CASE("renewal: a terminal renews itself after two thirds of its certificate's life")
{
    OutletWorld world;
    const auto before = world.enrol("k1");
    CHECK(before.renewAfter > world.clock.now() + 24h * 59);
    CHECK(before.renewAfter < world.clock.now() + 24h * 61);
    const auto kept = world.folder.file("before.pem", file(before.file)).string();
    net::test::Watched<int> renewed;
    net::test::Watched<int> failed;
    queue::IdentityRenewal renewal(
        world.folderOf("k1"), world.clock,
        {[&](const auto& identity) { renewed.change([&](int& n) { n += identity.name == "k1"; }); },
         [&](const Error&) { failed.change([](int& n) { ++n; }); }});
    world.clock.advance(24h * 60 + 1h);
    renewal.wake();
    REQUIRE(renewed.wait([](int count) { return count == 1; }));
    const auto after = queue::loadIdentity(world.folderOf("k1"));
    REQUIRE(after);
    CHECK(after->expires > before.expires + 24h * 50);
    CHECK(world.send(tlsOf(*after), queueRequest()).status == 200);
    // What the kiosk still had under way with the old certificate goes on.
    CHECK(world.send({.caFile = kept, .certificateFile = kept, .keyFile = kept}, queueRequest())
              .status == 200);
    CHECK(failed.get() == 0);
}

TEST_CASE("renewal: while the hub is away the old identity stays")
{
    OutletWorld world;
    const auto before = file(world.enrol("k1").file);
    world.stop();
    CHECK_FALSE(queue::renewIdentity(world.folderOf("k1")));
    CHECK(file(world.folderOf("k1") / "terminal.pem") == before);
}

TEST_CASE("renewal: who has no certificate cannot renew one")
{
    OutletWorld world;
    const json body{{"request", certificateRequest().request}};
    CHECK(world.post(world.browser(), "/v1/enrolments/renew", body).status == 401);
    CHECK(world.post(world.browser(), "/v1/enrolments/renew", body, world.supervisor()).status ==
          403);
}

TEST_CASE("enrolment: after a power cut between any two steps the same code finishes it")
{
    OutletWorld world;
    const auto terminal = world.folderOf("k1");
    std::filesystem::create_directories(terminal);
    const auto made = certificateRequest();
    const auto code = world.code("k1");
    SECTION("before anything was sent")
    {
        REQUIRE(writePrivateFile(terminal / "terminal.pending", made.key + made.request));
    }
    SECTION("while the key was written")
    {
        std::ofstream(terminal / "terminal.pending.new") << made.key.substr(0, 40);
    }
    SECTION("after a key that is not whole")
    {
        std::ofstream(terminal / "terminal.pending") << made.key.substr(0, 40);
    }
    SECTION("after the hub had answered")
    {
        REQUIRE(writePrivateFile(terminal / "terminal.pending", made.key + made.request));
        REQUIRE(queue::enrolTerminal(terminal, world.url(), code));
        std::filesystem::remove(terminal / "terminal.pem");
        REQUIRE(writePrivateFile(terminal / "terminal.pending", made.key + made.request));
    }
    SECTION("while the identity was written")
    {
        std::ofstream(terminal / "terminal.pem.new") << "Hub: https://";
    }
    CHECK(queue::loadIdentity(terminal).error().code == Errc::NotFound);
    const auto identity = queue::enrolTerminal(terminal, world.url(), code);
    REQUIRE(identity);
    CHECK(world.send(tlsOf(*identity), queueRequest()).status == 200);
    CHECK_FALSE(std::filesystem::exists(terminal / "terminal.pending"));
}

TEST_CASE("enrolment: one that fails leaves the identity that was there")
{
    OutletWorld world;
    const auto before = file(world.enrol("k1").file);
    auto wrong = world.code("k1");
    wrong[0] = wrong[0] == '0' ? '1' : '0';
    CHECK_FALSE(queue::enrolTerminal(world.folderOf("k1"), world.url(), wrong));
    CHECK(file(world.folderOf("k1") / "terminal.pem") == before);
    CHECK(world.send(tlsOf(*queue::loadIdentity(world.folderOf("k1"))), queueRequest()).status ==
          200);
}

TEST_CASE("terminals: the supervisor sees each with its end and when it called last")
{
    OutletWorld world;
    (void)world.enrol("k2");
    const auto identity = world.enrol("k1");
    CHECK(world.send(tlsOf(identity), queueRequest()).status == 200);
    net::Request request{.path = "/v1/terminals"};
    request.headers.set("Authorization", "Bearer " + world.supervisor());
    const auto listed = parsed(world.send(world.browser(), request)).at("terminals");
    REQUIRE(listed.size() == 2);
    CHECK(listed.at(0).at("name") == "k1");
    CHECK(listed.at(0).at("lastSeen").is_string());
    CHECK(listed.at(0).at("revoked").is_null());
    CHECK(listed.at(1).at("lastSeen").is_null());
    world.restart();
    const auto again = parsed(world.send(world.browser(), request)).at("terminals");
    CHECK(again.at(0).at("lastSeen") == listed.at(0).at("lastSeen"));
    CHECK(world
              .post(world.browser(), "/v1/terminals/nobody/revoke", json::object(),
                    world.supervisor())
              .status == 404);
}

TEST_CASE("authority: the hub renews its own certificate thirty days before its end, and goes on")
{
    OutletWorld world;
    const auto presented = [&] {
        const auto chain = net::presentedChain(world.url(), 10s);
        REQUIRE(chain);
        return chain->front();
    };
    const auto client = net::Client::open({.baseUrl = world.url(), .tls = world.browser()});
    REQUIRE(client);
    CHECK((*client)->send(queueRequest(), 10s)->status == 200);
    const auto first = presented();
    world.clock.advance(24h * 366);
    world.hub().tidy();
    CHECK(presented() == first);
    world.clock.advance(24h * 2);
    world.hub().tidy();
    CHECK(presented() != first);
    CHECK((*client)->send(queueRequest(), 10s)->status == 200); // on the connection it had
}

TEST_CASE("authority: a certificate for other names is made when the outlet's file says so")
{
    const Folder folder;
    const SystemClock clock;
    REQUIRE(Authority::create(folder.path() / "a", "b7", clock.now()));
    const auto authority = Authority::open(folder.path() / "a", clock);
    REQUIRE(authority);
    CHECK((*authority)->renewServer({"hub.example", "192.0.2.7"}).value());
    CHECK_FALSE((*authority)->renewServer({"192.0.2.7"}).value());
    CHECK((*authority)->renewServer({"hub.example", "192.0.2.8"}).value());
    CHECK_FALSE(Authority::create(folder.path() / "a", "b7", clock.now()));
}
