// SPDX-License-Identifier: Apache-2.0
#include "queue/api/newcomers.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace guichet::queue::api;
using std::chrono::seconds;

namespace {

/// Tries nonces until one is taken.
std::string solved(ProofOfWork& proof, const std::string& challenge)
{
    for (int nonce = 0; nonce < 10'000; ++nonce) {
        auto text = challenge + ":" + std::to_string(nonce);
        if (proof.accept(text)) {
            return text;
        }
    }
    return {};
}

} // namespace

TEST_CASE("proof of work: a solved challenge counts once")
{
    const ManualClock clock{Instant()};
    ProofOfWork proof(clock, 4);
    const auto text = solved(proof, proof.challenge());
    REQUIRE_FALSE(text.empty());
    CHECK_FALSE(proof.accept(text));
    CHECK_FALSE(solved(proof, proof.challenge()).empty());
}

TEST_CASE("proof of work: unsolved, foreign, easier made or old challenges do not count")
{
    ManualClock clock{Instant()};
    ProofOfWork hard(clock, 24);
    CHECK_FALSE(hard.accept(hard.challenge() + ":0"));
    ProofOfWork ours(clock, 4);
    ProofOfWork theirs(clock, 4);
    CHECK(solved(ours, theirs.challenge()).empty());
    auto easier = ours.challenge();
    easier.front() = '1';
    CHECK(solved(ours, easier).empty());
    const auto old = ours.challenge();
    clock.advance(seconds(120));
    CHECK(solved(ours, old).empty());
    for (const auto* wrong : {"", ":", "a:b", "4.1.x.y:0"}) {
        CHECK_FALSE(ours.accept(wrong));
    }
}

TEST_CASE("newcomers: beyond what an outlet gives at once, a proof opens the door")
{
    const ManualClock clock{Instant()};
    Newcomers newcomers(clock, {{100, seconds(1)}, {1, seconds(1)}, 1});
    net::Request request{.method = "POST", .peer = "192.0.2.1"};
    CHECK_FALSE(newcomers.refuse(request, {}));
    const auto refused = newcomers.refuse(request, {});
    REQUIRE(refused);
    CHECK(refused->status == 429);
    const auto problem = nlohmann::json::parse(refused->body);
    CHECK(problem.at("code") == "proof-needed");
    const auto challenge = problem.at("challenge").get<std::string>();
    bool passed = false;
    for (int nonce = 0; nonce < 50 && !passed; ++nonce) {
        request.headers.set("Proof-Of-Work", challenge + ":" + std::to_string(nonce));
        passed = !newcomers.refuse(request, {});
    }
    CHECK(passed);
    CHECK_FALSE(newcomers.refuse({}, {Role::Teller, "tina"}));
    CHECK_FALSE(newcomers.refuse({}, {Role::Customer, {}})); // moves a booking, without a script
}

TEST_CASE("newcomers: one address has its own limit, and no proof lifts it")
{
    const ManualClock clock{Instant()};
    Newcomers newcomers(clock, {{1, seconds(10)}, {100, seconds(1)}, 1});
    const net::Request request{.peer = "192.0.2.1"};
    CHECK_FALSE(newcomers.refuse(request, {}));
    const auto refused = newcomers.refuse(request, {});
    REQUIRE(refused);
    CHECK(refused->header("Retry-After") == "10");
    CHECK(newcomers.refuse(request, {Role::Customer, {}}));
    CHECK_FALSE(newcomers.refuse({.peer = "192.0.2.2"}, {}));
}
