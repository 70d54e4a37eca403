// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/kiosk/engine/fake_world.h"

using namespace guichet;
using namespace guichet::kiosk;
using test::World;

TEST_CASE("take-ticket: a customer without a card gets a number, a print and a way home")
{
    World world;
    CHECK(world.at() == "attract");
    world.press("start");
    CHECK(world.at() == "language");
    world.press("language", "en");
    CHECK(world.page().busy);
    REQUIRE(world.succeed("hub.queue"));
    CHECK(world.at() == "service");
    CHECK(world.page().title == QStringLiteral("What would you like to do today?"));
    REQUIRE(world.page().choices.size() == 1);
    CHECK(world.page().choices[0].note == QStringLiteral("3 waiting, about 5 to 15 minutes"));
    world.press("service", "cash");
    CHECK(world.at() == "card");
    world.press("skip");
    REQUIRE(world.succeed("hub.visit"));
    CHECK(world.at() == "printing");
    REQUIRE(world.page().ticket);
    CHECK(world.page().ticket->label == QStringLiteral("A012"));
    CHECK(world.page().ticket->qrText == QStringLiteral("http://127.0.0.1/t/t"));
    REQUIRE(world.succeed("print.ticket"));
    world.cardIsOut();
    CHECK(world.at() == "result");
    world.press("finish");
    world.cardIsOut();
    CHECK(world.ended);
    CHECK(world.journal.records.empty());
    CHECK(world.journal.wiped == 1);
}

TEST_CASE("take-ticket: a retry of a lost number carries the same idempotency key")
{
    World world;
    world.toCard();
    world.press("skip");
    const auto first = world.effects.take(QStringLiteral("hub.visit"));
    REQUIRE(first.answer);
    first.answer(EffectResult::failed(Remedy::Wait));
    world.settle();
    CHECK(world.at() == "numberLost");
    REQUIRE(world.fire("retry"));
    const auto second = world.effects.take(QStringLiteral("hub.visit"));
    REQUIRE(second.answer);
    CHECK(second.op != first.op);
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) ==
          first.params.value(QStringLiteral("idempotencyKey")));
    second.answer(EffectResult::done(world.journey.samples[QStringLiteral("hub.visit")].toMap()));
    world.settle();
    CHECK(world.at() == "printing");
}

TEST_CASE("take-ticket: an answer that comes after its page was left changes nothing")
{
    World world;
    world.toCard();
    const auto read = world.effects.take(QStringLiteral("card.read"));
    REQUIRE(read.answer);
    world.press("skip");
    CHECK(world.at() == "number");
    read.answer(EffectResult::done(world.journey.samples[QStringLiteral("card.read")].toMap()));
    world.settle();
    CHECK(world.at() == "number");
    CHECK_FALSE(world.machine->data().value(QStringLiteral("cardRead")).toBool());
}

TEST_CASE("take-ticket: an unknown print is followed only by a copy with a higher index")
{
    World world;
    world.toPrinting();
    REQUIRE(world.answer("print.ticket", EffectResult::failed(Remedy::CallStaff, true)));
    CHECK(world.at() == "printUnknown");
    REQUIRE(world.page().ticket);
    world.press("copy");
    const auto print = world.effects.take(QStringLiteral("print.ticket"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("index")).toInt() == 2);
}

TEST_CASE(
    "take-ticket: a refused print keeps its index and can be repeated when the printer is back")
{
    World world;
    world.toPrinting();
    REQUIRE(world.answer("print.ticket", EffectResult::failed(Remedy::ReloadPaper)));
    CHECK(world.at() == "printTrouble");
    CHECK(world.page().subtitle.contains(QStringLiteral("out of paper")));
    CHECK_FALSE(world.page({.printer = false}).choices[0].enabled);
    REQUIRE(world.page({.printer = true}).choices[0].enabled);
    world.press("again");
    const auto print = world.effects.take(QStringLiteral("print.ticket"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("index")).toInt() == 1);
}

TEST_CASE("take-ticket: an idle customer is warned, comes back, and is sent home only after a "
          "second silence")
{
    World world;
    world.toCard();
    REQUIRE(world.fire("presence"));
    CHECK(world.at() == "warned");
    CHECK(world.page().countdownSeconds == 30);
    world.press("stay");
    CHECK(world.at() == "card");
    REQUIRE(world.fire("presence"));
    REQUIRE(world.fire("presence"));
    world.cardIsOut();
    CHECK(world.ended);
    CHECK(world.journal.wiped == 1);
}

TEST_CASE("take-ticket: elder and voice mode give three times as long")
{
    World world;
    world.press("start");
    CHECK(world.effects.take(QStringLiteral("timer"), QStringLiteral("presence"))
              .params.value(QStringLiteral("seconds")) == 60);
    world.press(GENERATE("setElder", "setVoice"));
    CHECK(world.effects.take(QStringLiteral("timer"), QStringLiteral("presence"))
              .params.value(QStringLiteral("seconds")) == 180);
}

TEST_CASE("take-ticket: a forgotten card raises the alarm until it is taken")
{
    World world;
    world.toCard();
    REQUIRE(world.succeed("card.read"));
    REQUIRE(world.succeed("hub.visit"));
    REQUIRE(world.succeed("print.ticket"));
    REQUIRE(world.succeed("card.present"));
    CHECK(world.at() == "takeCard");
    REQUIRE(world.fire("alarm"));
    CHECK(world.at() == "cardForgotten");
    REQUIRE(world.succeed("alarm"));
    REQUIRE(world.fire("alarm"));
    CHECK(world.at() == "cardForgotten");
    REQUIRE(world.succeed("alarm"));
    REQUIRE(world.succeed("card.removal"));
    CHECK(world.at() == "result");
}

TEST_CASE("take-ticket: a customer who says too early that the card is taken is asked again")
{
    World world;
    world.toCard();
    REQUIRE(world.succeed("card.read"));
    world.press("cancel");
    REQUIRE(world.succeed("hub.visit"));
    REQUIRE(world.succeed("card.present"));
    CHECK(world.at() == "takeCard");
    world.press("haveCard");
    REQUIRE(world.succeed("card.present"));
    CHECK(world.at() == "takeCard");
    REQUIRE(world.succeed("card.removal"));
    CHECK(world.ended);
}

TEST_CASE(
    "take-ticket: help covers the page and gives it back as it was, also when nobody can be called")
{
    World world;
    world.toCard();
    world.press("help");
    CHECK(world.at() == "asked");
    const bool reachable = GENERATE(true, false);
    REQUIRE(world.answer("assist.call", reachable ? EffectResult::done()
                                                  : EffectResult::failed(Remedy::CallStaff)));
    CHECK(world.at() == (reachable ? "called" : "askNearby"));
    REQUIRE(world.succeed("card.read"));
    world.press("assistClose");
    CHECK(world.at() == "number");
}

TEST_CASE("take-ticket: language and print size change at any page without leaving it")
{
    World world;
    world.toCard();
    world.press("setLanguage", "zh-CN");
    CHECK(world.at() == "card");
    CHECK(world.page().title == QStringLiteral("请插入银行卡"));
    world.press("setElder");
    CHECK(world.machine->data().value(QStringLiteral("elder")).toBool());
}
