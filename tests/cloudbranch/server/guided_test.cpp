// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <catch2/catch.hpp>

#include "cloudbranch/guided/script.h"
#include "tests/cloudbranch/server/assist_line.h"

using namespace guichet;
using namespace guichet::hub;
using namespace guichet::hub::test;

namespace {

/// A customer of the demo outlet whom a member of staff has answered.
struct Answered {
    HubCaller hub;
    std::unique_ptr<AssistLine> seat;
    std::string id;
    std::unique_ptr<AssistLine> terminal;
    json offered; ///< to the seat

    explicit Answered(const std::string& user)
        : seat(AssistLine::seat(hub, hub.login(user)))
    {
        offered = seat->until("seat", "away").at("scripts");
        seat->say({{"type", "ready"}});
        const auto asked =
            hub.post("/v1/assists", hub.terminal,
                     {{"case", "c-1"}, {"needs", json::object()}, {"content", json::object()}},
                     {{"Idempotency-Key", "one-press-of-help-0001"}});
        REQUIRE(asked.status == 201);
        id = parsed(asked).at("id");
        terminal = AssistLine::terminal(hub, id);
        seat->until("seat", "ringing");
        seat->say({{"type", "accept"}, {"assist", id}});
        terminal->until("assist", "joining");
    }
    void guide(json body) const
    {
        body["type"] = "guide";
        body["assist"] = id;
        seat->say(body);
    }
};

} // namespace

TEST_CASE("guided sales: who is qualified begins, and the terminal gets script and seller")
{
    const Answered call("agent");
    REQUIRE(call.offered.size() == 1);
    CHECK(call.offered[0].at("script") == "fund-risk");
    CHECK(call.offered[0].at("missing").empty());
    call.guide({{"do", "begin"}, {"script", "fund-risk"}});
    const auto order = call.terminal->until("guide");
    CHECK(order.at("by") == "agent");
    CHECK(order.at("document").at("seller") ==
          json{{"id", "agent"}, {"qualifications", {"fund-sales"}}});
    CHECK(guided::parseScript(order.at("document").at("script").dump()));
    call.guide({{"do", "goOn"}, {"step", "seller"}});
    CHECK(call.terminal->until("guide").at("step") == "seller");
    call.terminal->say({{"type", "guided"}, {"guided", {{"stage", "step"}}}});
    CHECK(call.seat->until("guided").at("guided").at("stage") == "step");
}

TEST_CASE("guided sales: who lacks a qualification is refused, and hears which")
{
    const Answered call("expert");
    CHECK(call.offered[0].at("missing") == json{"fund-sales"});
    call.guide({{"do", "begin"}, {"script", "fund-risk"}});
    const auto refusal = call.seat->until("error");
    CHECK(refusal.at("code") == "denied");
    CHECK(refusal.at("detail") == "guide: expert lacks fund-sales for fund-r3");
}

TEST_CASE("guided sales: a seat cannot answer, press or sign for the customer")
{
    const Answered call("agent");
    for (const auto* deed : {"answer", "yes", "press", "sign", "guidedYes"}) {
        call.guide({{"do", deed}, {"step", "own-will"}});
        CHECK(call.seat->until("error").at("code") == "denied");
    }
    call.seat->say({{"type", "result"},
                    {"assist", call.id},
                    {"request", "r-1"},
                    {"outcome", "agreed"}}); // that is the terminal's to say
    CHECK(call.seat->until("error").at("code") == "denied");
    call.seat->say({{"type", "guided"}, {"assist", call.id}, {"guided", json::object()}});
    CHECK(call.seat->until("error").at("code") == "denied");
}

TEST_CASE("guided sales: a seat brings no script of its own, and none that is not there")
{
    const Answered call("agent");
    call.guide({{"do", "begin"}, {"script", "fund-risk"}, {"document", json::object()}});
    CHECK(call.seat->until("error").at("code") == "denied");
    call.guide({{"do", "begin"}, {"script", "none"}});
    CHECK(call.seat->until("error").at("code") == "notFound");
}

TEST_CASE("guided sales: an outlet's file lists its scripts; one that is wrong stops the hub")
{
    static const SystemClock clock;
    const Folder folder;
    const auto start = [&](const std::string& script) {
        static_cast<void>(folder.file("sale.json", script));
        return Hub::start({.data = folder.path() / "data", .config = folder.file("hub.toml", R"(
[branch]
id = "b7"
services = ["loans"]
counters = ["1"]
[service.loans]
series = "L"
[assists]
scripts = ["sale.json"]
)")},
                          clock);
    };
    const auto wrong = start(R"({"script":"s"})");
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error().detail, Catch::Contains("sale.json"));
    CHECK_THAT(wrong.error().detail, Catch::Contains("script: version: is missing"));
    std::ifstream demo(GUICHET_SOURCE_DIR "/packaging/guided/fund-risk.json");
    CHECK(start({std::istreambuf_iterator<char>(demo), {}}));
}
