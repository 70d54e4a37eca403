// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/signal_message.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::signalling;
using nlohmann::json;

namespace {

std::string detailOf(std::string_view text, Role role = Role::Terminal)
{
    const auto signal = parseSignal(text, role);
    return signal ? "accepted" : signal.error().detail;
}

Errc codeOf(std::string_view text, Role role)
{
    const auto signal = parseSignal(text, role);
    return signal ? Errc::Internal : signal.error().code;
}

} // namespace

TEST_CASE("signals: a message has its type and exactly its fields")
{
    const auto offer = parseSignal(R"({"type":"offer","sdp":"v=0","fresh":true})", Role::Terminal);
    REQUIRE(offer);
    CHECK(offer->type == SignalType::Offer);
    CHECK(offer->body == json{{"sdp", "v=0"}, {"fresh", true}});
    CHECK(detailOf(R"({"type":"offer","sdp":"v=0"})") == "signal offer: fresh: want true or false");
    CHECK(detailOf(R"({"type":"offer","sdp":"v=0","fresh":true,"x":1})") ==
          "signal offer: has a member that is none of its fields");
    CHECK(detailOf(R"({"type":"withdraw"})") == "accepted");
    CHECK(detailOf(R"({"type":"withdraw","outcome":"counter"})") == "accepted");
}

TEST_CASE("signals: a wrong field is named, with what was wanted")
{
    CHECK(detailOf(R"({"type":"candidate","candidate":"c","line":33})") ==
          "signal candidate: line: want a number from 0 to 32");
    CHECK(detailOf(R"({"type":"candidate","candidate":"c","line":-1})") ==
          "signal candidate: line: want a number from 0 to 32");
    CHECK(detailOf(R"({"type":"media","state":"up or so","mode":"video"})") ==
          "signal media: state: want 1 to 64 of A-Z a-z 0-9 . _ -");
    CHECK(detailOf(R"({"type":"chat","id":"1","text":""})") ==
          "signal chat: text: want 1 to 2000 bytes of text");
    CHECK(detailOf(R"({"type":"page","page":[]})") ==
          "signal page: page: want an object of at most 131072 bytes");
    const json large{{"type", "candidate"}, {"candidate", std::string(1001, 'c')}, {"line", 0}};
    CHECK(detailOf(large.dump()) == "signal candidate: candidate: want 1 to 1000 bytes of text");
}

TEST_CASE("signals: a customer says it in letters or by hand, staff in letters")
{
    const auto detail = [](const char* rest, Role role) {
        return detailOf(R"({"type":"chat","id":"1",)" +
                            std::string(role == Role::Seat ? R"("assist":"a-1",)" : "") + rest +
                            "}",
                        role);
    };
    const char* const text = R"("text":"hi")";
    const char* const picture = R"("picture":{"kind":"writing"})";
    const char* const both = R"("text":"hi","picture":{"kind":"writing"})";
    CHECK(detail(text, Role::Terminal) == "accepted");
    CHECK(detail(picture, Role::Terminal) == "accepted");
    CHECK(detail(both, Role::Terminal) == "signal chat: want text or picture");
    CHECK(detailOf(R"({"type":"chat","id":"1"})") == "signal chat: want text or picture");
    CHECK(detail(text, Role::Seat) == "accepted");
    CHECK(detail(picture, Role::Seat) == "signal chat: want text, and no picture");
    CHECK(detail(both, Role::Seat) == "signal chat: want text, and no picture");
}

TEST_CASE("signals: a form or a paper is asked for by its name")
{
    const auto detail = [](const char* rest) {
        return detailOf(R"({"type":"request","assist":"a-1","request":"r-1",)" + std::string(rest) +
                            "}",
                        Role::Seat);
    };
    CHECK(detail(R"("kind":"form","arguments":{"form":"number"})") == "accepted");
    CHECK(detail(R"("kind":"print","arguments":{"document":"receipt"})") == "accepted");
    CHECK(detail(R"("kind":"scan")") == "accepted");
    CHECK(detail(R"("kind":"form")") ==
          "signal request: arguments.form: want 1 to 64 of A-Z a-z 0-9 . _ -");
    CHECK(detail(R"("kind":"print","arguments":{"document":7})") ==
          "signal request: arguments.document: want 1 to 64 of A-Z a-z 0-9 . _ -");
    CHECK(detail(R"("kind":"form","arguments":{"form":"two words"})") ==
          "signal request: arguments.form: want 1 to 64 of A-Z a-z 0-9 . _ -");
}

TEST_CASE("signals: what is no object, too large, too deep or says something twice is refused")
{
    for (const auto& text :
         {std::string(), std::string("[]"), std::string("{"), std::string(R"({"type":1})"),
          std::string(R"({"type":"unknown"})"), std::string(R"({"type":"hangUp","type":"hangUp"})"),
          std::string("{\"type\":\"hang\xFFUp\"}"),
          R"({"type":"page","page":)" + std::string(100'000, '[')}) {
        INFO(text.substr(0, 60));
        CHECK(codeOf(text, Role::Terminal) == Errc::Invalid);
    }
    std::string deep = R"({"type":"page","page":)";
    for (int level = 0; level < 20; ++level) {
        deep += R"({"a":)";
    }
    CHECK(codeOf(deep + "1" + std::string(21, '}'), Role::Terminal) == Errc::Invalid);
    const json huge{{"type", "page"}, {"page", {{"text", std::string(kLargestSignal, 'x')}}}};
    CHECK(detailOf(huge.dump()).find("bytes, at most 262144") != std::string::npos);
}

TEST_CASE("signals: nobody says what is the other one's to say")
{
    CHECK(codeOf(R"({"type":"offer","sdp":"v=0","fresh":true})", Role::Seat) == Errc::Denied);
    CHECK(codeOf(R"({"type":"answer","sdp":"v=0"})", Role::Terminal) == Errc::Denied);
    CHECK(codeOf(R"({"type":"approve","step":"sign","ok":true})", Role::Terminal) == Errc::Denied);
    CHECK(codeOf(R"({"type":"accept"})", Role::Terminal) == Errc::Denied);
    CHECK(parseSignal(R"({"type":"hangUp","assist":"a-1"})", Role::Seat)->assist == "a-1");
    CHECK(parseSignal(R"({"type":"hangUp"})", Role::Terminal));
}

TEST_CASE("signals: a seat names the customer that it speaks of, unless it speaks of itself")
{
    CHECK(detailOf(R"({"type":"hangUp"})", Role::Seat) ==
          "signal hangUp: assist: want 1 to 64 of A-Z a-z 0-9 . _ -");
    CHECK(codeOf(R"({"type":"hangUp","assist":7})", Role::Seat) == Errc::Invalid);
    CHECK(codeOf(R"({"type":"hangUp","assist":"a-1"})", Role::Terminal) == Errc::Invalid);
    CHECK(detailOf(R"({"type":"ready"})", Role::Seat) == "accepted");
    CHECK(detailOf(R"({"type":"away","reason":"break"})", Role::Seat) == "accepted");
    CHECK(codeOf(R"({"type":"ready","assist":"a-1"})", Role::Seat) == Errc::Invalid);
}

TEST_CASE("signals: nothing reaches a customer before somebody has accepted, or after the end")
{
    using enum AssistState;
    for (const auto type : {SignalType::Offer, SignalType::Answer, SignalType::Request,
                            SignalType::Approve, SignalType::Chat, SignalType::Page}) {
        for (const auto state : {Waiting, Ringing, WrapUp, CallBack, Closed}) {
            CHECK_FALSE(mayBeSaid(type, state));
        }
        for (const auto state : {Joining, Talking, Interrupted}) {
            CHECK(mayBeSaid(type, state));
        }
    }
    CHECK(mayBeSaid(SignalType::Withdraw, Waiting));
    CHECK_FALSE(mayBeSaid(SignalType::Withdraw, Closed));
    CHECK(mayBeSaid(SignalType::Note, WrapUp));
    CHECK_FALSE(mayBeSaid(SignalType::Note, Closed));
}
