// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/server/demo_desk.h"

using namespace guichet;
using namespace guichet::hub::test;

namespace {

const std::string kRules = R"([branch]
id = "demo"
[assists]
seats = ["agent", "expert"]
[seat.agent]
authority = 1
[seat.expert]
authority = 2
[approvals]
rules = ["number"]
[approval.number]
task = "phone-change"
steps = ["review"]
authority = 2
)";

/// A customer at the step that nobody approves alone, with the one who serves and a second one.
struct Counter {
    Desk desk;
    Desk::Call call;
    std::unique_ptr<AssistLine> second;

    explicit Counter(const std::string& config = kRules)
        : desk(config)
        , call(desk.answered())
        , second(desk.seat(desk.expert))
    {
        show("phone-change", "review");
    }
    void show(const std::string& task, const std::string& step)
    {
        call.terminal->say({{"type", "page"}, {"page", {{"id", step}, {"task", task}}}});
        call.seat->until("page");
    }
    void say(AssistLine& line, json message)
    {
        message["assist"] = call.id;
        line.say(message);
    }
    std::string proposed()
    {
        say(*call.seat, {{"type", "approve"}, {"step", "review"}, {"ok", true}});
        return call.seat->until("kept").at("waits").at("proposal");
    }
    json listed(AssistLine& line)
    {
        return line.until([](const json& message) {
            return message.at("type") == "seat" && !message.at("approvals").empty();
        });
    }
    /// The next thing the terminal hears that is not about where the assist stands.
    json heard()
    {
        return call.terminal->until([](const json& message) {
            return message.at("type") != "assist" && message.at("type") != "entries";
        });
    }
};

} // namespace

TEST_CASE("approvals: what the rules name waits for a second person, who sees the case and decides")
{
    Counter counter;
    const auto id = counter.proposed();
    const auto wait = counter.listed(*counter.second).at("approvals").at(0);
    CHECK(wait.at("proposal") == id);
    CHECK(wait.at("step") == "review");
    CHECK(wait.at("by") == "agent");
    counter.say(*counter.second, {{"type", "look"}});
    const auto shown = counter.second->until("look");
    CHECK(shown.at("content").at("customer").at("name") == kCustomer);
    CHECK(counter.desk.disk().find("looked") != std::string::npos);

    const bool ok = GENERATE(true, false);
    json decision{{"type", "approve"}, {"step", "review"}, {"ok", ok}, {"of", id}};
    if (!ok) {
        decision["reason"] = "not the same face";
    }
    counter.say(*counter.second, decision);
    counter.second->until("kept");
    CHECK(counter.heard().at("ok") == ok); // nothing before
    const auto told = counter.call.seat->until("approve");
    CHECK(told.at("by") == "expert");
    CHECK(told.at("of") == id);
    counter.second->until([](const json& message) {
        return message.at("type") == "seat" && message.at("approvals").empty();
    });

    auto again = AssistLine::seat(counter.desk.hub, counter.desk.agent);
    const auto entries = again->until("case").at("entries");
    REQUIRE(entries.size() == 2);
    CHECK(entries.at(0).at("type") == "proposal");
    CHECK(entries.at(0).at("by") == "agent");
    CHECK(entries.at(1).at("by") == "expert");
    auto kiosk = AssistLine::terminal(counter.desk.hub, counter.call.id);
    CHECK(kiosk->until("entries").at("entries").size() == 1);
}

TEST_CASE("approvals: nobody approves their own, and the attempt is written down")
{
    Counter counter;
    const auto id = counter.proposed();
    counter.say(*counter.call.seat,
                {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}});
    CHECK(counter.call.seat->until("error").at("code") == "denied");
    CHECK(counter.desk.disk().find("refused.approval") != std::string::npos);
    SECTION("nor the one the customer was passed on to")
    {
        counter.say(*counter.call.seat, {{"type", "transfer"}, {"seat", "expert"}});
        counter.second->until("seat", "ringing");
        counter.say(*counter.second, {{"type", "accept"}});
        counter.second->until("case");
        counter.say(*counter.second,
                    {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}});
        CHECK(counter.second->until("error").at("code") == "denied");
        counter.say(*counter.call.seat,
                    {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}});
        CHECK(counter.call.seat->until("error").at("code") == "denied");
    }
}

TEST_CASE("approvals: who lacks the authority does not see it, may not look and decides nothing")
{
    auto rules = kRules;
    rules.replace(rules.rfind("authority = 2"), 13, "authority = 3");
    Counter counter(rules);
    const auto id = counter.proposed();
    counter.say(*counter.second, {{"type", "look"}});
    CHECK(counter.second->until("error").at("code") == "denied");
    counter.say(*counter.second,
                {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}});
    CHECK(counter.second->until("error").at("code") == "denied");
    CHECK(counter.desk.disk().find("refused.look") != std::string::npos);
}

TEST_CASE("approvals: another name for the step does not get round the rule")
{
    Counter counter;
    counter.say(*counter.call.seat, {{"type", "approve"}, {"step", "harmless"}, {"ok", true}});
    CHECK(counter.call.seat->until("kept").contains("waits"));
}

TEST_CASE("approvals: what no rule names, and every no, is said at once")
{
    Counter counter;
    SECTION("a no")
    {
        const auto id = counter.proposed();
        counter.say(*counter.call.seat,
                    {{"type", "approve"}, {"step", "review"}, {"ok", false}, {"reason", "face"}});
        CHECK(counter.heard().at("ok") == false);
        counter.say(*counter.second,
                    {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}});
        CHECK(counter.second->until("error").at("code") == "conflict"); // taken back
    }
    SECTION("another task")
    {
        counter.show("take-ticket", "review");
        counter.say(*counter.call.seat, {{"type", "approve"}, {"step", "review"}, {"ok", true}});
        CHECK(counter.heard().at("ok") == true);
    }
}

TEST_CASE("approvals: a rejection says why, and each decision fits its proposal")
{
    Counter counter;
    const auto id = counter.proposed();
    counter.say(*counter.second,
                {{"type", "approve"}, {"step", "review"}, {"ok", false}, {"of", id}});
    CHECK(counter.second->until("error").at("detail") ==
          "signal approve: reason: want why the proposal is rejected");
    counter.say(*counter.second,
                {{"type", "approve"}, {"step", "other"}, {"ok", true}, {"of", id}});
    CHECK(counter.second->until("error").at("code") == "invalid");
    counter.say(*counter.second,
                {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", "p-77"}});
    CHECK(counter.second->until("error").at("code") == "notFound");
}

TEST_CASE("approvals: what waits outlives the hub, and is said twice without a second one")
{
    Counter counter;
    const auto id = counter.proposed();
    CHECK(counter.proposed() != ""); // its answer was lost
    counter.desk.hub.restart();
    auto kiosk = AssistLine::terminal(counter.desk.hub, counter.call.id);
    auto seat = AssistLine::seat(counter.desk.hub, counter.desk.agent);
    CHECK(seat->until("case").at("entries").size() == 1);
    auto second = AssistLine::seat(counter.desk.hub, counter.desk.expert);
    CHECK(counter.listed(*second).at("approvals").size() == 1);
    const json decision{{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}};
    counter.say(*second, decision);
    counter.say(*second, decision);
    second->until("kept");
    second->until("kept");
    CHECK(kiosk->until("approve").at("ok") == true);
    CHECK(seat->until("approve").at("by") == "expert");
}

TEST_CASE("approvals: once the customer has left there is nothing to decide")
{
    Counter counter;
    const auto id = counter.proposed();
    counter.listed(*counter.second);
    counter.call.terminal->say({{"type", "hangUp"}});
    counter.second->until([](const json& message) {
        return message.at("type") == "seat" && message.at("approvals").empty();
    });
    counter.say(*counter.second,
                {{"type", "approve"}, {"step", "review"}, {"ok", true}, {"of", id}});
    CHECK(counter.second->until("error").at("code") == "conflict");
}
