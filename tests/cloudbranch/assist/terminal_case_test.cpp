// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/terminal_case.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::assist;
using namespace guichet::signalling;
using nlohmann::json;

namespace {

using Request = TerminalCase::Request;
using Saying = TerminalCase::Saying;

json request(const std::string& id, const std::string& kind = "scan")
{
    return {{"type", "request"}, {"request", id}, {"kind", kind}};
}

/// An entry of the hub's record.
json entry(const std::string& by, json said)
{
    const auto type = said.at("type");
    said.erase("type");
    return {{"by", by}, {"type", type}, {"body", said}};
}

json record(std::initializer_list<json> entries)
{
    return {{"type", "entries"}, {"entries", json(entries)}};
}

void hear(TerminalCase& known, const json& message)
{
    const auto parsed = parseHubMessage(message.dump());
    REQUIRE(parsed);
    known.hear(*parsed);
}

std::vector<std::string> ids(const TerminalCase& known)
{
    std::vector<std::string> ids;
    for (const auto& each : known.requests()) {
        ids.push_back(each.id);
    }
    return ids;
}

} // namespace

TEST_CASE("terminal's case: requests wait in the order of asking until they are answered")
{
    TerminalCase known;
    hear(known, request("r1"));
    hear(known, request("r2", "photo"));
    CHECK(ids(known) == std::vector<std::string>{"r1", "r2"});

    const auto said = known.answer("r1", "done", {{"document", "id card"}});
    CHECK(json::parse(said) == json{{"type", "result"},
                                    {"request", "r1"},
                                    {"outcome", "done"},
                                    {"detail", {{"document", "id card"}}}});
    CHECK(ids(known) == std::vector<std::string>{"r2"});
}

TEST_CASE("terminal's case: an answer is said again after a cut until the hub has it")
{
    TerminalCase known;
    hear(known, request("r1"));
    const auto said = known.answer("r1", "done", {});
    CHECK(known.unkept() == std::vector{said});

    SECTION("the hub has not heard it: its record still lists the request, which is not done again")
    {
        hear(known, record({entry("mei", request("r1"))}));
        CHECK(ids(known).empty());
        CHECK(known.unkept() == std::vector{said});
    }
    SECTION("the hub says that it has it")
    {
        hear(known, {{"type", "kept"},
                     {"of", "result"},
                     {"body", {{"request", "r1"}, {"outcome", "done"}}}});
        CHECK(known.unkept().empty());
    }
    SECTION("the hub has it in its record: only the acknowledgement was lost")
    {
        hear(known, record({entry("mei", request("r1")), entry("terminal", json::parse(said))}));
        CHECK(known.unkept().empty());
        CHECK(ids(known).empty());
    }
}

TEST_CASE("terminal's case: a new process learns from the record what is still to be done")
{
    TerminalCase known;
    hear(known,
         record({entry("mei", request("r1")),
                 entry("terminal", {{"type", "result"}, {"request", "r1"}, {"outcome", "done"}}),
                 entry("mei", request("r2", "photo")),
                 entry("mei", {{"type", "approve"}, {"step", "review"}, {"ok", true}})}));
    CHECK(known.requests() == std::deque<Request>{{"r2", "photo", json::object(), "mei"}});
    CHECK(known.approvals() == std::vector<TerminalCase::Approval>{{"review", true, "", "mei"}});
}

TEST_CASE("terminal's case: what both said stands once, in order, also after a cut")
{
    TerminalCase known;
    hear(known, {{"type", "chat"}, {"id", "c1"}, {"text", "您好"}});
    const auto said = known.say("c2", "听不清");
    const std::vector<Saying> both{{false, "您好"}, {true, "听不清"}};
    CHECK(known.sayings() == both);

    hear(known, record({entry("mei", {{"type", "chat"}, {"id", "c1"}, {"text", "您好"}})}));
    CHECK(known.sayings() == both);
    hear(known, record({entry("mei", {{"type", "chat"}, {"id", "c1"}, {"text", "您好"}}),
                        entry("terminal", json::parse(said))}));
    CHECK(known.sayings() == both);
}

TEST_CASE("terminal's case: what is written by hand goes as a picture, without a text")
{
    TerminalCase known;
    const json picture{{"kind", "writing"}, {"mediaType", "image/png"}, {"data", "iVBORw=="}};
    const auto said = json::parse(known.say("c1", {}, picture));
    CHECK(said == json{{"type", "chat"}, {"id", "c1"}, {"picture", picture}});
    CHECK(known.sayings() == std::vector<Saying>{{true, ""}});
    hear(known, record({entry("terminal", said)}));
    CHECK(known.sayings() == std::vector<Saying>{{true, ""}});
    CHECK(known.unkept().empty());
}

TEST_CASE("terminal's case: what is about picture and sound changes nothing")
{
    TerminalCase known;
    hear(known, {{"type", "answer"}, {"sdp", "v=0"}});
    hear(known, {{"type", "needOffer"}, {"why", "failed"}});
    CHECK(known.requests().empty());
    CHECK_FALSE(known.news());
}
