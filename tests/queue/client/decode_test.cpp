// SPDX-License-Identifier: Apache-2.0
#include "queue/client/decode.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

const char* const kVisit = R"({"id":"v1","ticket":{"series":"A","number":12,"label":"A012"},
    "state":"waiting","version":1,"service":"cash","language":"zh-CN","ahead":4,
    "wait":{"low":600,"likely":840,"high":1200},"counter":null,"token":"t","new":true})";

} // namespace

TEST_CASE("queue client: a waiting visit has its place, its range and the customer's token",
          "[queue]")
{
    const auto visit = queue::decodeVisit(kVisit);
    REQUIRE(visit);
    CHECK(visit->label == "A012");
    CHECK(visit->state == queue::VisitState::Waiting);
    CHECK(visit->ahead == 4);
    CHECK(visit->wait == queue::WaitRange{600s, 840s, 1200s});
    CHECK(visit->counter.empty());
    CHECK(visit->token == "t");
}

TEST_CASE("queue client: a visit that nobody waits for any more has no place", "[queue]")
{
    auto document = nlohmann::json::parse(kVisit);
    document["state"] = "done";
    document["ahead"] = nullptr;
    document.erase("wait");
    const auto visit = queue::decodeVisit(document.dump());
    REQUIRE(visit);
    CHECK_FALSE(visit->ahead);
    CHECK_FALSE(visit->wait);
}

TEST_CASE("queue client: every state of a visit is known by the contract's word", "[queue]")
{
    using queue::VisitState;
    const auto [word, state] =
        GENERATE(table<std::string, VisitState>({{"remote", VisitState::Remote},
                                                 {"waiting", VisitState::Waiting},
                                                 {"called", VisitState::Called},
                                                 {"serving", VisitState::Serving},
                                                 {"parked", VisitState::Parked},
                                                 {"done", VisitState::Done},
                                                 {"no_show", VisitState::NoShow},
                                                 {"cancelled", VisitState::Cancelled},
                                                 {"removed", VisitState::Removed},
                                                 {"expired", VisitState::Expired}}));
    CHECK(queue::visitStateFromName(word) == state);
}

TEST_CASE("queue client: a state of a newer hub is tolerated", "[queue]")
{
    auto document = nlohmann::json::parse(kVisit);
    document["state"] = "teleported";
    CHECK(queue::decodeVisit(document.dump())->state == queue::VisitState::Unknown);
}

TEST_CASE("queue client: a document without a needed member is a protocol error that names it",
          "[queue]")
{
    const auto* name = GENERATE("id", "ticket", "state", "version", "service");
    auto document = nlohmann::json::parse(kVisit);
    document.erase(name);
    const auto visit = queue::decodeVisit(document.dump());
    REQUIRE_FALSE(visit);
    CHECK(visit.error().code == Errc::Protocol);
    CHECK(visit.error().detail.find(name) != std::string::npos);
}

TEST_CASE("queue client: what is not JSON is a protocol error", "[queue]")
{
    const auto* text = GENERATE("", "{", "[]", "\"x\"", "<html>");
    CHECK_FALSE(queue::decodeVisit(text));
    CHECK_FALSE(queue::decodeQueue(text));
    CHECK_FALSE(queue::decodeBranch(text));
}

TEST_CASE("queue client: the public queue document is read whole", "[queue]")
{
    const auto status = queue::decodeQueue(R"({"asOf":"2026-11-24T10:15:00+08:00","services":[
        {"id":"cash","names":{"en":"Cash"},"waiting":3,"serving":1,"open":true,
         "wait":{"low":0,"likely":300,"high":600}}],
        "calls":[{"ticket":"A009","counter":"2"}]})");
    REQUIRE(status);
    REQUIRE(status->services.size() == 1);
    CHECK(status->services[0].waiting == 3);
    REQUIRE(status->calls.size() == 1);
    CHECK(status->calls[0].counter == "2");
}

TEST_CASE("queue client: a check-in without a form is the visit alone", "[queue]")
{
    const auto answer = queue::decodeCheckIn(kVisit);
    REQUIRE(answer);
    REQUIRE(answer->visit);
    CHECK(answer->visit->label == "A012");
    CHECK_FALSE(answer->form);
    CHECK_FALSE(answer->refusal);
}

TEST_CASE("queue client: a check-in with a form is both, the fields as JSON text", "[queue]")
{
    auto document = nlohmann::json::parse(kVisit);
    document["form"] = {{"journey", "take-ticket"}, {"fields", {{"service", "cash"}}}};
    const auto answer = queue::decodeCheckIn(document.dump());
    REQUIRE(answer);
    REQUIRE(answer->visit);
    REQUIRE(answer->form);
    CHECK(answer->form->journey == "take-ticket");
    CHECK(answer->form->fields == R"({"service":"cash"})");
}

TEST_CASE("queue client: a prepared form alone is no visit", "[queue]")
{
    const auto answer = queue::decodeCheckIn(R"({"form":{"journey":"take-ticket","fields":{}}})");
    REQUIRE(answer);
    CHECK_FALSE(answer->visit);
    REQUIRE(answer->form);
    CHECK(answer->form->fields == "{}");
}

TEST_CASE("queue client: a check-in that is neither visit nor whole form is a protocol error",
          "[queue]")
{
    const auto* text = GENERATE("{}", "[]", "", R"({"form":null})", R"({"form":"take-ticket"})",
                                R"({"form":{"journey":"take-ticket"}})",
                                R"({"form":{"journey":"take-ticket","fields":[]}})",
                                R"({"form":{"journey":7,"fields":{}}})",
                                R"({"id":"v1","form":{"journey":"take-ticket","fields":{}}})");
    const auto answer = queue::decodeCheckIn(text);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
}

TEST_CASE("queue client: a refused check-in says why, of which service and when to come", "[queue]")
{
    const auto answer = queue::decodeCheckInRefusal(R"({"status":409,"code":"too-early",
        "service":"cash","from":"2026-11-26T10:15:00+08:00"})");
    REQUIRE(answer);
    REQUIRE(answer->refusal);
    CHECK(answer->refusal->code == "too-early");
    CHECK(answer->refusal->service == "cash");
    CHECK(answer->refusal->from == *fromRfc3339("2026-11-26T02:15:00Z"));
    CHECK_FALSE(answer->visit);
}

TEST_CASE("queue client: a refused check-in of an unknown code has neither service nor time",
          "[queue]")
{
    const auto answer = queue::decodeCheckInRefusal(R"({"status":404,"code":"code-unknown"})");
    REQUIRE(answer);
    REQUIRE(answer->refusal);
    CHECK(answer->refusal->service.empty());
    CHECK_FALSE(answer->refusal->from);
}

TEST_CASE("queue client: a refusal without a code or with a wrong time is a protocol error",
          "[queue]")
{
    const auto* text = GENERATE("", "[]", R"({"status":409})", R"({"code":9})",
                                R"({"code":"too-early","from":"tomorrow"})");
    const auto answer = queue::decodeCheckInRefusal(text);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
}

TEST_CASE("queue client: only what speaks of the customer's code is a refused check-in", "[queue]")
{
    CHECK(queue::isCheckInRefusal("number-lapsed"));
    CHECK(queue::isCheckInRefusal("code-invalid"));
    CHECK_FALSE(queue::isCheckInRefusal("invalid-fields"));
    CHECK_FALSE(queue::isCheckInRefusal("unknown-branch"));
    CHECK_FALSE(queue::isCheckInRefusal(""));
}

TEST_CASE("queue client: an assist is known by its id", "[queue]")
{
    CHECK(queue::decodeAssistId(R"({"id":"as-1","state":"waiting"})").value() == "as-1");
    CHECK(queue::decodeAssistId(R"({"state":"waiting"})").error().code == Errc::Protocol);
}
