// SPDX-License-Identifier: Apache-2.0
#include "queue/api/body.h"

#include <catch2/catch.hpp>

using guichet::queue::api::Body;

namespace {

/// Status and body of the answer for a text that should be {"service": text, "after": 0..10}.
std::pair<int, std::string> refusal(std::string_view text)
{
    Body body(text);
    static_cast<void>(body.text("service", 8));
    static_cast<void>(body.number("after", 0, 10));
    const auto refused = body.refused();
    return refused ? std::pair(refused->status, refused->body) : std::pair(0, std::string());
}

} // namespace

TEST_CASE("body: what is right is read")
{
    Body body(R"({"service":"cash","after":3})");
    CHECK(body.text("service", 8) == "cash");
    CHECK(body.number("after", 0, 10) == 3);
    CHECK_FALSE(body.refused());
}

TEST_CASE("body: what is not one object is refused with 400")
{
    for (const char* text : {"[", "[]", "7", "{\"service\":", "{} {}", "{\"service\":\"\xff\"}"}) {
        INFO(text);
        CHECK(refusal(text).first == 400);
    }
}

TEST_CASE("body: wrong, missing, unknown and repeated members are named with 422")
{
    const auto names = [](std::string_view text, const char* field) {
        const auto [status, body] = refusal(text);
        return status == 422 && body.find(field) != std::string::npos;
    };
    CHECK(names(R"({"service":7,"after":1})", "service"));
    CHECK(names(R"({"service":"","after":1})", "service"));
    CHECK(names(R"({"service":"muchtoolong","after":1})", "service"));
    CHECK(names(R"({"service":"a\u0007","after":1})", "service"));
    CHECK(names(R"({"service":"cash"})", "after"));
    CHECK(names(R"({"service":"cash","after":11})", "after"));
    CHECK(names(R"({"service":"cash","after":1.5})", "after"));
    CHECK(names(R"({"service":"cash","after":18446744073709551615})", "after"));
    CHECK(names(R"({"service":"cash","after":1,"extra":null})", "extra"));
    CHECK(names(R"({"service":"cash","after":1,"after":2})", "after"));
    CHECK(names("", "service"));
}

TEST_CASE("body: a strange member's name is not repeated in the answer")
{
    CHECK(refusal(R"({"6222 0000 1234":1})").second.find("6222") == std::string::npos);
}
