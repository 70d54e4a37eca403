// SPDX-License-Identifier: Apache-2.0
// Remote staff help a customer in the middle of a task, without picture and sound.
#include <QTest>
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/seat.h"

using namespace guichet::test;
using nlohmann::json;

namespace {

bool shows(const json& message, const char* page)
{
    return message.at("page").at("id") == page;
}

} // namespace

TEST_CASE("assist: staff see where the customer stands, help, and the task goes on there", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    Seat seat;
    chooseCash(kiosk);
    askForHelp(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("waiting")));
    const auto known = seat.takeCall();
    CHECK(known.at("content").at("step") == "Please insert your bank card");
    CHECK(known.at("content").at("language") == "en");

    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    CHECK_FALSE(seat.until("page", [](const json& each) { return shows(each, "card"); }).is_null());
    CHECK_FALSE(kiosk.offers(QStringLiteral("help"))); // they are there
    CHECK(kiosk.offers(QStringLiteral("call/assistEnd/")));

    seat.say("chat", {{"id", "c1"}, {"text", "Go on without a card."}});
    CHECK(kiosk.isTold(QStringLiteral("Go on without a card.")));
    kiosk.touch(QStringLiteral("call/assistSay/Yes"));
    CHECK_FALSE(
        seat.until("chat", [](const json& said) { return said.at("text") == "Yes"; }).is_null());

    seat.say("request", {{"request", "r1"},
                         {"kind", "confirm"},
                         {"arguments", {{"text", "Take a number without a card?"}}}});
    REQUIRE(kiosk.reaches(QStringLiteral("request")));
    CHECK(kiosk.page().title == QStringLiteral("Take a number without a card?"));
    kiosk.touch(QStringLiteral("primary"));
    const auto result = seat.until("result");
    REQUIRE_FALSE(result.is_null());
    CHECK(result.at("outcome") == "agreed");

    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    kiosk.touch(QStringLiteral("choice/skip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    CHECK_FALSE(
        seat.until("page", [](const json& each) { return shows(each, "result"); }).is_null());
    CHECK(printed(world, 1));
    seat.say("hangUp");
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("result")));
}

TEST_CASE("assist: a hub that dies in the call comes back with the case, and both go on", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    chooseCash(kiosk);
    {
        Seat seat;
        askForHelp(kiosk);
        seat.takeCall();
        REQUIRE(kiosk.reaches(QStringLiteral("card")));
        seat.say("request",
                 {{"request", "r1"}, {"kind", "confirm"}, {"arguments", {{"text", "Yes?"}}}});
        REQUIRE(kiosk.reaches(QStringLiteral("request")));
        world.killHub();
        kiosk.touch(QStringLiteral("primary")); // nobody hears it now
        REQUIRE(kiosk.reaches(QStringLiteral("card")));
    }
    world.startHub();
    Seat again;
    const auto isAnswered = [](const json& said) {
        const auto& body = said.contains("body") ? said.at("body") : said;
        return said.at("type") == "result" && body.at("outcome") == "agreed";
    };
    // Said before the seat was back, it is in the case; said after, it is heard.
    CHECK_FALSE(again
                    .until({},
                           [&](const json& each) {
                               return isAnswered(each) ||
                                      (each.at("type") == "case" &&
                                       std::ranges::any_of(each.at("entries"), isAnswered));
                           })
                    .is_null());
    CHECK(kiosk.offers(QStringLiteral("call/assistEnd/")));
}

TEST_CASE("assist: a customer who leaves takes nobody's time, and the seat is free", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    Seat seat;
    chooseCash(kiosk);
    askForHelp(kiosk);
    seat.takeCall();
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    kiosk.touch(QStringLiteral("call/assistEnd/"));
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    CHECK_FALSE(seat.until("seat",
                           [](const json& now) {
                               return now.at("assist").is_object() &&
                                      now.at("assist").at("state") == "wrap_up";
                           })
                    .is_null());
    seat.say("finish", {{"outcome", "done"}});
    CHECK_FALSE(seat.until("seat",
                           [](const json& now) {
                               return now.at("handled") == 1 && now.at("assist").is_null();
                           })
                    .is_null());
}

TEST_CASE("assist: who signs gets a seat that does, though another was free for longer", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    Seat agent;
    agent.say("ready");
    REQUIRE_FALSE(
        agent.until("seat", [](const json& now) { return now.at("state") == "ready"; }).is_null());
    Seat expert("expert"); // has "csl" in the demo
    chooseCash(kiosk);
    askForHelp(kiosk, "sign");
    expert.takeCall();
    const auto now =
        expert.until("seat", [](const json& each) { return each.at("state") == "busy"; });
    REQUIRE_FALSE(now.is_null());
    CHECK(now.at("assist").at("needs").at("signLanguage") == "csl");
    CHECK(now.at("assist").at("mode") == "video");
    CHECK(kiosk.reaches(QStringLiteral("card")));
}

TEST_CASE("assist: in a call of words the customer writes by hand, and staff see it", "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    Seat seat;
    chooseCash(kiosk);
    askForHelp(kiosk, "text");
    seat.takeCall();
    REQUIRE(kiosk.reaches(QStringLiteral("card")));
    kiosk.touch(QStringLiteral("call/assistWrite/"));
    REQUIRE(kiosk.reaches(QStringLiteral("writing")));
    kiosk.sign();
    kiosk.picture("writing.png");
    kiosk.touch(QStringLiteral("primary"));
    const auto said = seat.until("chat");
    REQUIRE_FALSE(said.is_null());
    CHECK(said.at("picture").at("kind") == "writing");
    CHECK(said.at("picture").at("data").get<std::string>().starts_with("iVBORw0KGgo")); // a PNG
    CHECK(kiosk.reaches(QStringLiteral("card")));

    kiosk.touch(QStringLiteral("call/assistWrite/"));
    REQUIRE(kiosk.reaches(QStringLiteral("writing")));
    CHECK_FALSE(kiosk.offers(QStringLiteral("key/undo"))); // an empty sheet
}

TEST_CASE("assist: nobody there: the customer leaves a number, staff owe a call, and paper says so",
          "[e2e]")
{
    World world;
    Kiosk kiosk(world.dataFolder());
    chooseCash(kiosk);
    askForHelp(kiosk);
    REQUIRE(kiosk.reaches(QStringLiteral("waiting")));
    CHECK(QTest::qWaitFor(
        [&] { return kiosk.page().title == QStringLiteral("No remote staff just now"); }, 30'000));
    kiosk.touch(QStringLiteral("choice/assistCallBack/"));
    REQUIRE(kiosk.reaches(QStringLiteral("contact")));
    for (const char digit : std::string("13800005621")) {
        kiosk.touch(QStringLiteral("key/") + QLatin1Char(digit));
    }
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("promised")));
    Seat seat;
    CHECK_FALSE(seat.until("seat", [](const json& now) { return now.at("callBacks").size() == 1; })
                    .is_null());
    kiosk.touch(QStringLiteral("choice/assistSlip/"));
    REQUIRE(kiosk.reaches(QStringLiteral("slipDone")));
    CHECK(printed(world, 1));
    kiosk.touch(QStringLiteral("primary"));
    CHECK(kiosk.reaches(QStringLiteral("card")));
}
