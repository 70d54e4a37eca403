// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/hub_message.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::signalling;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

template <typename T> T read(const json& message)
{
    auto parsed = parseHubMessage(message.dump());
    REQUIRE(parsed);
    REQUIRE(std::holds_alternative<T>(*parsed));
    return std::get<T>(std::move(*parsed));
}

Errc refusalOf(const json& message)
{
    const auto parsed = parseHubMessage(message.dump());
    return parsed ? Errc::Internal : parsed.error().code;
}

json waiting()
{
    return {{"type", "assist"}, {"id", "as-1"}, {"version", 3}, {"state", "waiting"},
            {"mode", "video"},  {"ahead", 2},   {"wait", 90}};
}

} // namespace

TEST_CASE("hub messages: who waits hears the place and the time")
{
    CHECK(read<AssistNews>(waiting()) ==
          AssistNews{.id = "as-1", .version = 3, .mode = Mode::Video, .ahead = 2, .wait = 90s});
}

TEST_CASE("hub messages: no time means that nobody can help")
{
    auto message = waiting();
    message["wait"] = nullptr;
    const auto news = read<AssistNews>(message);
    CHECK(news.ahead == 2);
    CHECK_FALSE(news.wait);
}

TEST_CASE("hub messages: who is answered hears by whom and over which relays")
{
    const json ice{{"servers", json::array()}, {"relayOnly", false}};
    const auto news = read<AssistNews>({{"type", "assist"},
                                        {"id", "as-1"},
                                        {"version", 5},
                                        {"state", "joining"},
                                        {"mode", "voice"},
                                        {"seat", {{"name", "小美"}}},
                                        {"ice", ice}});
    CHECK(news.state == AssistState::Joining);
    CHECK(news.mode == Mode::Voice);
    CHECK(news.seat == "小美");
    CHECK(news.ice == ice);
}

TEST_CASE("hub messages: an assist without id, state, mode or version is none")
{
    for (const auto* member : {"id", "state", "mode", "version"}) {
        auto message = waiting();
        message.erase(member);
        CAPTURE(member);
        CHECK(refusalOf(message) == Errc::Invalid);
    }
}

TEST_CASE("hub messages: after a cut the case is told in order, with who said what")
{
    const auto lines = read<std::vector<CaseLine>>(
        {{"type", "entries"},
         {"entries",
          {{{"by", "mei"}, {"type", "chat"}, {"body", {{"id", "c1"}, {"text", "您好"}}}},
           {{"by", "terminal"},
            {"type", "result"},
            {"body", {{"request", "r1"}, {"outcome", "done"}}}}}}});
    REQUIRE(lines.size() == 2);
    CHECK_FALSE(lines[0].own);
    CHECK(lines[0].signal.type == SignalType::Chat);
    CHECK(lines[1].own);
    CHECK(lines[1].signal.body == json{{"request", "r1"}, {"outcome", "done"}});
}

TEST_CASE("hub messages: a case in which a terminal approves is refused whole")
{
    CHECK(refusalOf({{"type", "entries"},
                     {"entries",
                      {{{"by", "terminal"},
                        {"type", "approve"},
                        {"body", {{"step", "s"}, {"ok", true}}}}}}}) == Errc::Denied);
}

TEST_CASE("hub messages: what is on the hub's disk is told back")
{
    const auto kept = read<KeptNews>(
        {{"type", "kept"}, {"of", "chat"}, {"body", {{"id", "c2"}, {"text", "hi"}}}});
    CHECK(kept.type == SignalType::Chat);
    CHECK(kept.body.at("id") == "c2");
}

TEST_CASE("hub messages: a refusal says why")
{
    const auto refused =
        read<RefusedNews>({{"type", "error"}, {"code", name(Errc::Conflict)}, {"detail", "no"}});
    CHECK(refused.code == Errc::Conflict);
    CHECK(refused.detail == "no");
}

TEST_CASE("hub messages: the seat's words come without the assist, by the rules of signals")
{
    const auto request = read<Signal>({{"type", "request"}, {"request", "r1"}, {"kind", "scan"}});
    CHECK(request.type == SignalType::Request);
    CHECK(request.body == json{{"request", "r1"}, {"kind", "scan"}});
    CHECK(refusalOf({{"type", "request"}, {"request", "r1"}}) == Errc::Invalid);
    CHECK(refusalOf({{"type", "offer"}, {"sdp", "v=0"}, {"fresh", true}}) == Errc::Denied);
    CHECK(refusalOf({{"type", "never heard of"}}) == Errc::Invalid);
}
