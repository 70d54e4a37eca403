// SPDX-License-Identifier: Apache-2.0
#include "queue/api/terminals.h"

#include <filesystem>

#include <catch2/catch.hpp>
#include <stdlib.h>

#include "queue/domain/settings.h"

using namespace guichet;
using namespace guichet::queue::api;
using namespace guichet::queue;
using namespace std::chrono_literals;

namespace {

/// Numbers its certificates and signs nothing.
class Counting final : public CertificateIssuer {
public:
    explicit Counting(const Clock& clock)
        : m_clock(clock)
    {
    }
    Result<storage::TerminalCertificate> issue(const std::string& terminal,
                                               std::string_view request) override
    {
        if (request == "bad") {
            return fail(Errc::Invalid, "bad");
        }
        return storage::TerminalCertificate{std::to_string(++m_last), terminal, "pem",
                                            m_clock.now(), m_clock.now() + std::chrono::hours(1)};
    }
    const std::string& certificate() const override { return m_pem; }
    const Bytes& fingerprint() const override { return m_fingerprint; }

private:
    const Clock& m_clock;
    int m_last = 0;
    std::string m_pem = "authority";
    Bytes m_fingerprint = Bytes(32);
};

struct World {
    World()
        : clock(fromRfc3339("2026-11-25T09:00:00+08:00").value())
        , issuer(clock)
    {
        folder = (std::filesystem::temp_directory_path() / "terminals.XXXXXX").string();
        REQUIRE(mkdtemp(folder.data()) != nullptr);
        auto opened = storage::Store::open({folder, domain::demoBranch(), &clock});
        REQUIRE(opened);
        store = std::move(*opened);
        auto known = Terminals::open(*store, clock, issuer);
        REQUIRE(known);
        terminals = std::move(*known);
    }
    ~World()
    {
        terminals.reset();
        store.reset();
        std::filesystem::remove_all(folder);
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    EnrolRefusal::Kind refusal(const std::string& code, const std::string& address)
    {
        const auto result = terminals->enrol(code, "request", {}, address);
        REQUIRE_FALSE(result);
        return result.error().kind;
    }

    ManualClock clock;
    Counting issuer;
    std::string folder;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<Terminals> terminals;
};

using Kind = EnrolRefusal::Kind;
using Standing = Terminals::Standing;

} // namespace

TEST_CASE("terminals: twenty wrong codes from anywhere lock everybody out for a while")
{
    World world;
    const auto code = world.terminals->newCode("k1");
    REQUIRE(code);
    for (int guess = 0; guess < 20; ++guess) {
        CHECK(world.refusal("wrong", "192.0.2." + std::to_string(guess)) == Kind::WrongCode);
    }
    CHECK(world.refusal(code->text, "198.51.100.1") == Kind::Locked);
    world.clock.advance(15min);
    const auto next = world.terminals->newCode("k1");
    REQUIRE(next);
    CHECK(world.terminals->enrol(next->text, "request", {}, "198.51.100.1"));
}

TEST_CASE("terminals: an address that is locked does not lock the others")
{
    World world;
    const auto code = world.terminals->newCode("k1");
    REQUIRE(code);
    for (int guess = 0; guess < 5; ++guess) {
        CHECK(world.refusal("wrong", "192.0.2.1") == Kind::WrongCode);
    }
    CHECK(world.refusal(code->text, "192.0.2.1") == Kind::Locked);
    CHECK(world.terminals->enrol(code->text, "request", {}, "192.0.2.2"));
}

TEST_CASE("terminals: wrong codes that lie far apart lock nobody")
{
    World world;
    for (int guess = 0; guess < 10; ++guess) {
        CHECK(world.refusal("wrong", "192.0.2.1") == Kind::WrongCode);
        world.clock.advance(5min);
    }
}

TEST_CASE("terminals: a request that is refused does not use the code up")
{
    World world;
    const auto code = world.terminals->newCode("k1");
    REQUIRE(code);
    CHECK(world.terminals->enrol(code->text, "bad", {}, "a").error().kind == Kind::BadRequest);
    CHECK(world.terminals->enrol(code->text, "request", {}, "a"));
}

TEST_CASE("terminals: no more than twenty codes within an hour")
{
    World world;
    for (int made = 0; made < 20; ++made) {
        CHECK(world.terminals->newCode("k1"));
    }
    CHECK(world.terminals->newCode("k1").error().code == Errc::Busy);
    world.clock.advance(61min);
    CHECK(world.terminals->newCode("k1"));
}

TEST_CASE("terminals: a certificate counts with its own name only")
{
    World world;
    const auto code = world.terminals->newCode("k1");
    REQUIRE(code);
    REQUIRE(world.terminals->enrol(code->text, "request", {}, "a"));
    const auto standing = [&](const std::string& serial, const std::string& uri) {
        return world.terminals->stand({serial, {uri}}).first;
    };
    CHECK(standing("1", "urn:guichet:terminal:k1") == Standing::Good);
    CHECK(standing("1", "urn:guichet:terminal:k2") == Standing::Unknown);
    CHECK(standing("2", "urn:guichet:terminal:k1") == Standing::Unknown);
    CHECK(world.terminals->stand({"1", {}}).first == Standing::Unknown);
    world.clock.advance(1h);
    CHECK(standing("1", "urn:guichet:terminal:k1") == Standing::Expired);
}

TEST_CASE("terminals: revoking a name ends its unused code too")
{
    World world;
    const auto code = world.terminals->newCode("k1");
    REQUIRE(code);
    CHECK(world.terminals->revoke("k1"));
    CHECK(world.refusal(code->text, "a") == Kind::WrongCode);
    CHECK(world.terminals->revoke("k1").error().code == Errc::NotFound);
}
