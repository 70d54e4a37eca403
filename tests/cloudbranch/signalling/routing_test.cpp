// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/signalling/exchange.h"

using namespace guichet;
using namespace guichet::signalling;
using namespace guichet::test;
using namespace std::chrono_literals;

TEST_CASE("skills: whoever answers speaks the language, knows the product and may approve")
{
    const Skills skills{{"zh", "en-GB", "csl"}, {"accounts", "cards"}, 2};
    CHECK(serves(skills, {.language = "zh-CN"}));
    CHECK(serves(skills, {.language = "ZH"}));
    CHECK(serves(skills, {.language = "en-GB"}));
    CHECK_FALSE(serves(skills, {.language = "en"}));
    CHECK_FALSE(serves(skills, {.language = "zhx"}));
    CHECK(serves(skills, {.product = "cards", .authority = 2}));
    CHECK_FALSE(serves(skills, {.product = "wealth"}));
    CHECK_FALSE(serves(skills, {.authority = 3}));
}

TEST_CASE("skills: a sign language stands for the spoken one")
{
    const Skills signer{{"csl"}, {"*"}, 0};
    CHECK(serves(signer, {.language = "zh-CN", .signLanguage = "csl", .product = "wealth"}));
    CHECK_FALSE(serves(signer, {.language = "zh-CN"}));
    CHECK_FALSE(serves({{"zh"}, {"*"}, 0}, {.language = "zh-CN", .signLanguage = "csl"}));
}

TEST_CASE("routing: of those who can help, the one who has been idle longest is asked")
{
    Exchange exchange;
    exchange.seat("ann");
    exchange.pass(5s).value();
    exchange.seat("bob");
    exchange.ask("one");
    CHECK(exchange.at("one") == "ann");
    exchange.ask("two");
    CHECK(exchange.at("two") == "bob");
}

TEST_CASE("routing: or the one who has had the fewest customers")
{
    Exchange exchange({.distribution = Distribution::LeastLoaded});
    exchange.seat("ann");
    exchange.talk("one");
    exchange.run(HangUp{"one"}).value();
    exchange.run(Finish{"one", "ann", "done"}).value();
    exchange.pass(60s).value();
    exchange.seat("bob");
    exchange.ask("two");
    CHECK(exchange.at("two") == "bob");
}

TEST_CASE(
    "routing: customers are taken in the order in which they asked, less their class's credit")
{
    Exchange exchange({.credit = {{"vip", 60s}}});
    exchange.ask("first");
    exchange.pass(30s).value();
    exchange.ask("second");
    exchange.ask("third", {}, "vip");
    exchange.seat("ann");
    CHECK(exchange.state("third") == AssistState::Ringing);
    exchange.seat("bob");
    CHECK(exchange.state("first") == AssistState::Ringing);
    exchange.seat("cid");
    CHECK(exchange.state("second") == AssistState::Ringing);
}

TEST_CASE("routing: whoever nobody free can help keeps its place and lets others by")
{
    Exchange exchange;
    exchange.ask("rare", {.language = "bo"});
    exchange.ask("usual");
    exchange.seat("ann");
    CHECK(exchange.state("rare") == AssistState::Waiting);
    CHECK(exchange.state("usual") == AssistState::Ringing);
    exchange.seat("dolma", {{"bo"}, {"*"}, 0});
    CHECK(exchange.at("rare") == "dolma");
}

TEST_CASE("routing: the outlet's own staff come first, and others once the customer has waited")
{
    Exchange exchange({.tiers = {{"west-gate"}, {"remote", 15s}}});
    exchange.seat("far");
    exchange.ask("one");
    CHECK(exchange.state("one") == AssistState::Waiting);
    CHECK(exchange.board.nextTick() == exchange.now + 15s);
    exchange.pass(14s).value();
    CHECK(exchange.state("one") == AssistState::Waiting);
    exchange.pass(1s).value();
    CHECK(exchange.at("one") == "far");
    exchange.seat("near", {{"zh"}, {"*"}, 0}, "west-gate");
    exchange.ask("two");
    CHECK(exchange.at("two") == "near");
}

TEST_CASE("routing: a pool that no rule names is never asked")
{
    Exchange exchange;
    exchange.seat("stranger", {{"zh"}, {"*"}, 0}, "elsewhere");
    exchange.ask("one");
    exchange.pass(1h).value();
    CHECK(exchange.board.assist("one")->outcome.empty());
    CHECK(exchange.state("one") == AssistState::Waiting);
    CHECK_FALSE(exchange.board.wait(*exchange.board.assist("one")));
}

TEST_CASE("routing: the wait is what is ahead, shared by those who can help")
{
    Exchange exchange({.usualCall = 240s});
    const auto wait = [&exchange](const std::string& id) {
        return exchange.board.wait(*exchange.board.assist(id));
    };
    exchange.ask("lonely");
    CHECK_FALSE(wait("lonely"));
    exchange.run(Withdraw{"lonely"}).value();
    exchange.seat("ann");
    exchange.seat("bob");
    exchange.talk("one");
    exchange.talk("two");
    exchange.ask("three");
    CHECK(wait("three") == 120s);
    exchange.ask("four");
    CHECK(wait("four") == 240s);
    CHECK(exchange.board.ahead(*exchange.board.assist("four")) == 1);
    exchange.ask("other", {.language = "bo"});
    exchange.ask("five");
    CHECK(exchange.board.ahead(*exchange.board.assist("five")) == 2);
    CHECK(wait("five") == 360s);
}

TEST_CASE("routing: the wait follows how long calls really take")
{
    Exchange exchange({.usualCall = 240s});
    exchange.seat("ann");
    for (const auto* id : {"one", "two", "three", "four"}) {
        exchange.talk(id);
        exchange.pass(40s).value();
        exchange.run(HangUp{id}).value();
        exchange.run(Finish{id, "ann", "done"}).value();
    }
    CHECK(exchange.board.meanCall() < 170s);
    CHECK(exchange.board.meanCall() > 100s);
}
