// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/cloudbranch/guided/sale.h"

using namespace guichet;
using namespace guichet::guided;
using namespace guichet::test;

namespace {

/// The sale, as far as its question that wants yes.
Recording atQuestion()
{
    auto sale = saleBegun();
    REQUIRE(sale.read("who", kAllWell));
    REQUIRE(sale.spoken("risk", kAllWell));
    REQUIRE(sale.step().id == "clear");
    return sale;
}

/// What the record says of an event, the last time.
nlohmann::json last(Recording& sale, const char* event)
{
    nlohmann::json found;
    for (const auto& entry : sale.entries()) {
        found = entry.at("event") == event ? entry : found;
    }
    return found;
}

} // namespace

TEST_CASE(
    "guided recording: who lacks a qualification of the product cannot begin, and hears which")
{
    const auto begun = Recording::begin(saleScript(), {"lan", {"insurance"}}, "en", true);
    REQUIRE_FALSE(begun);
    CHECK(begun.error().code == Errc::Denied);
    CHECK(begun.error().detail == "guided recording: lan lacks fund-sales for fund-r3");
}

TEST_CASE("guided recording: nothing begins that is not recorded, or in another language")
{
    const Recording::Seller mei{"mei", {"fund-sales"}};
    CHECK(Recording::begin(saleScript(), mei, "en", false).error().code == Errc::Conflict);
    CHECK(Recording::begin(saleScript(), mei, "fr", true).error().code == Errc::Invalid);
}

TEST_CASE("guided recording: the record begins with script, product, seller and first sentence")
{
    auto sale = saleBegun();
    const auto entries = sale.entries();
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].at("seller") == "mei");
    CHECK(entries[0].at("qualifications") == nlohmann::json{"fund-sales"});
    CHECK(entries[0].at("version") == "1");
    CHECK(entries[1].at("text") == "I am Mei.");
    CHECK(sale.entries().empty());
}

TEST_CASE("guided recording: step by step, each by whom it belongs to, to its end")
{
    auto sale = atQuestion();
    REQUIRE(sale.answer("clear", Answer::Yes, kAllWell));
    REQUIRE(sale.answer("more", Answer::No, kAllWell));
    CHECK(sale.stage() == Stage::Done);
    CHECK(last(sale, "guidedEnded").at("outcome") == "done");
}

TEST_CASE("guided recording: staff cannot answer, and cannot lead on from what is not theirs")
{
    auto sale = atQuestion();
    const auto before = picture(sale);
    CHECK(sale.read("clear", kAllWell).error().code == Errc::Denied);
    CHECK(sale.spoken("clear", kAllWell).error().code == Errc::Denied);
    CHECK(picture(sale) == before);
    auto early = saleBegun();
    CHECK(early.answer("who", Answer::Yes, kAllWell).error().code == Errc::Denied);
}

TEST_CASE("guided recording: no, where only yes leads on, ends the sale")
{
    auto sale = atQuestion();
    REQUIRE(sale.answer("clear", Answer::No, kAllWell));
    CHECK(sale.stage() == Stage::Declined);
    CHECK(last(sale, "guidedEnded").at("why") == "clear");
}

TEST_CASE("guided recording: a check that fails repeats the step and says why")
{
    auto findings = kAllWell;
    Flaw flaw{};
    SECTION("nobody is seen")
    {
        findings.faces = 0;
        flaw = Flaw::NoFace;
    }
    SECTION("somebody stands beside")
    {
        findings.faces = 2;
        flaw = Flaw::Several;
    }
    SECTION("the camera cannot tell")
    {
        findings.faces = -1;
        flaw = Flaw::CameraAway;
    }
    SECTION("nothing was heard")
    {
        findings.sound = false;
        flaw = Flaw::Silent;
    }
    SECTION("the recording broke off")
    {
        findings.recording = false;
        flaw = Flaw::NotRecorded;
    }
    auto sale = atQuestion();
    REQUIRE(sale.answer("clear", Answer::Yes, findings));
    CHECK(sale.step().id == "clear");
    CHECK(sale.attempt() == 2);
    CHECK(sale.flaws() == std::vector{flaw});
    CHECK(last(sale, "guidedStep").at("flaws") == nlohmann::json{name(flaw)});
    REQUIRE(sale.answer("clear", Answer::Yes, kAllWell));
    CHECK(sale.step().id == "more");
    CHECK(sale.flaws().empty());
}

TEST_CASE("guided recording: an answer to a step that was, or after the end, changes nothing")
{
    auto sale = atQuestion();
    REQUIRE(sale.answer("clear", Answer::Yes, kAllWell));
    CHECK(sale.answer("clear", Answer::No, kAllWell).error().code == Errc::Conflict);
    CHECK(sale.step().id == "more");
    REQUIRE(sale.stop("hungUp"));
    CHECK(sale.answer("more", Answer::Yes, kAllWell).error().code == Errc::Conflict);
    CHECK(sale.repeat("more").error().code == Errc::Conflict);
    CHECK(sale.stop("again").error().code == Errc::Conflict);
    CHECK(sale.stage() == Stage::Stopped);
}

TEST_CASE("guided recording: the customer may hear any step again, staff may have it repeated")
{
    auto sale = saleBegun();
    REQUIRE(sale.answer("who", Answer::Again, kAllWell));
    CHECK(last(sale, "guidedAgain").at("by") == "customer");
    REQUIRE(sale.repeat("who"));
    CHECK(last(sale, "guidedAgain").at("by") == "staff");
    CHECK(sale.attempt() == 3);
    CHECK(sale.step().id == "who");
}
