// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "queue/api/totp.h"
#include "tests/cloudbranch/server/outlet_world.h"

using namespace guichet;
using namespace guichet::hub::test;
using namespace std::chrono_literals;

namespace {

net::Response login(const OutletWorld& world, const std::string& user, const std::string& password,
                    const std::string& code = {})
{
    json body{{"user", user}, {"password", password}};
    if (!code.empty()) {
        body["code"] = code;
    }
    return world.post(world.browser(), "/v1/login", body);
}

} // namespace

TEST_CASE("second factor: asked for after the right password only")
{
    OutletWorld world;
    CHECK(codeOf(login(world, "anna", OutletWorld::kPassword)) == "second-factor-needed");
    CHECK(codeOf(login(world, "anna", "wrong")) == "login-refused");
    CHECK(codeOf(login(world, "anna", "wrong", world.secondFactor())) == "login-refused");
    CHECK(login(world, "anna", OutletWorld::kPassword, world.secondFactor()).status == 200);
}

TEST_CASE("second factor: a code opens once, also after a restart")
{
    OutletWorld world;
    const auto code = world.secondFactor();
    CHECK(login(world, "anna", OutletWorld::kPassword, code).status == 200);
    CHECK(codeOf(login(world, "anna", OutletWorld::kPassword, code)) == "login-refused");
    world.restart();
    CHECK(codeOf(login(world, "anna", OutletWorld::kPassword, code)) == "login-refused");
    world.clock.advance(30s);
    CHECK(login(world, "anna", OutletWorld::kPassword, world.secondFactor()).status == 200);
}

TEST_CASE("second factor: a phone's clock may be half a minute off, not more")
{
    OutletWorld world;
    const auto early = world.secondFactor();
    world.clock.advance(30s);
    CHECK(login(world, "anna", OutletWorld::kPassword, early).status == 200);
    world.clock.advance(30s);
    const auto old = world.secondFactor();
    world.clock.advance(60s);
    CHECK(codeOf(login(world, "anna", OutletWorld::kPassword, old)) == "login-refused");
}

TEST_CASE("second factor: guessing it locks as guessing a password does, also over a restart")
{
    OutletWorld world;
    for (int guess = 0; guess < 5; ++guess) {
        CHECK(login(world, "anna", OutletWorld::kPassword, "00000x").status == 401);
    }
    CHECK(codeOf(login(world, "anna", OutletWorld::kPassword, world.secondFactor())) ==
          "login-locked");
    world.restart();
    CHECK(codeOf(login(world, "anna", OutletWorld::kPassword, world.secondFactor())) ==
          "login-locked");
    world.clock.advance(1min);
    CHECK(login(world, "anna", OutletWorld::kPassword, world.secondFactor()).status == 200);
}

TEST_CASE("second factor: a role that needs one does not get in without")
{
    OutletWorld world;
    world.addStaff("bert", "supervisor");
    world.addStaff("tina", "teller");
    CHECK(codeOf(login(world, "bert", OutletWorld::kPassword)) == "second-factor-missing");
    CHECK(login(world, "tina", OutletWorld::kPassword).status == 200);
    const std::string uri = world.command({{"do", "staff-totp"}, {"user", "bert"}}).at("uri");
    CHECK(uri.starts_with("otpauth://totp/Guichet%20b7:bert?secret="));
    CHECK(codeOf(login(world, "bert", OutletWorld::kPassword)) == "second-factor-needed");
}

TEST_CASE("staff: a new password ends the tokens of the old one")
{
    OutletWorld world;
    world.addStaff("tina", "teller");
    const auto token = world.login("tina");
    net::Request request{.path = "/v1/visits/00000000-0000-4000-8000-000000000000"};
    request.headers.set("Authorization", "Bearer " + token);
    CHECK(world.send(world.browser(), request).status == 404);
    world.command({{"do", "staff-password"}, {"user", "tina"}, {"password", "another horse"}});
    CHECK(world.send(world.browser(), request).status == 401);
    CHECK(login(world, "tina", OutletWorld::kPassword).status == 401);
    CHECK(login(world, "tina", "another horse").status == 200);
}

TEST_CASE("commands: the same with the hub running and without")
{
    OutletWorld world;
    world.addStaff("tina", "teller");
    const auto running = world.command({{"do", "staff-list"}});
    CHECK(running.at("staff").size() == 2);
    const auto code = world.code("k1");
    world.stop();
    CHECK(world.command({{"do", "staff-list"}}) == running);
    const auto offline = world.code("k2");
    world.restart();
    CHECK(queue::enrolTerminal(world.folderOf("k1"), world.url(), code));
    CHECK(queue::enrolTerminal(world.folderOf("k2"), world.url(), offline));
}

TEST_CASE("commands: what is wrong is said in words and changes nothing")
{
    OutletWorld world;
    const std::string password(OutletWorld::kPassword);
    for (const auto& [line, word] : std::vector<std::pair<json, std::string>>{
             {{{"do", "fly"}}, "no such command"},
             {json::array(), "not understood"},
             {{{"do", "enrol-code"}}, "terminal is missing"},
             {{{"do", "enrol-code"}, {"terminal", "a b"}}, "letters"},
             {{{"do", "enrol-code"}, {"terminal", "k1"}, {"more", 1}}, "more"},
             {{{"do", "revoke"}, {"terminal", "k9"}}, "no terminal"},
             {{{"do", "staff-totp"}, {"user", "zoe"}}, "nobody"},
             {{{"do", "staff-add"}, {"user", "zoe"}, {"role", "king"}, {"password", password}},
              "role"},
             {{{"do", "staff-add"}, {"user", "anna"}, {"role", "teller"}, {"password", password}},
              "already"},
             {{{"do", "staff-add"}, {"user", "zoe"}, {"role", "teller"}, {"password", "short"}},
              "10 characters"},
         }) {
        INFO(line.dump());
        const auto answer = world.command(line);
        REQUIRE(answer.contains("error"));
        CHECK(answer.at("error").get<std::string>().find(word) != std::string::npos);
    }
    CHECK(world.command({{"do", "staff-list"}}).at("staff").size() == 1);
    CHECK(world.command({{"do", "terminals"}}).at("terminals").empty());
}
