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

TEST_CASE("take-ticket: elder mode gives three times as long")
{
    World world;
    world.press("start");
    CHECK(world.effects.take(QStringLiteral("timer"), QStringLiteral("presence"))
              .params.value(QStringLiteral("seconds")) == 60);
    world.press("setElder");
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

TEST_CASE("take-ticket: another language never changes a wish that may have been granted")
{
    World world;
    world.toCard();
    world.press("skip");
    const auto first = world.effects.take(QStringLiteral("hub.visit"));
    first.answer(EffectResult::failed(Remedy::Wait));
    world.settle();
    world.press("setLanguage", "zh-CN");
    REQUIRE(world.fire("retry"));
    const auto second = world.effects.take(QStringLiteral("hub.visit"));
    CHECK(second.params.value(QStringLiteral("language")) ==
          first.params.value(QStringLiteral("language")));
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) ==
          first.params.value(QStringLiteral("idempotencyKey")));
}

TEST_CASE("take-ticket: whoever leaves before the number came gives it back")
{
    World world;
    world.toCard();
    world.press("skip");
    const auto wish = world.effects.take(QStringLiteral("hub.visit"));
    SECTION("while it is asked for") {}
    SECTION("while the hub is away")
    {
        wish.answer(EffectResult::failed(Remedy::Wait));
        world.settle();
    }
    world.press("cancel");
    const auto back = world.effects.take(QStringLiteral("hub.giveBack"));
    REQUIRE(back.answer);
    for (const auto* same : {"idempotencyKey", "service", "language"}) {
        CHECK(back.params.value(QString::fromLatin1(same)) ==
              wish.params.value(QString::fromLatin1(same)));
    }
    world.cardIsOut();
    CHECK(world.ended);
}

TEST_CASE("take-ticket: a print whose index is used up is repeated with the next one")
{
    World world;
    world.toPrinting();
    auto spent = EffectResult::failed(Remedy::ReloadPaper);
    spent.data = {{QStringLiteral("spent"), true}};
    REQUIRE(world.answer("print.ticket", spent));
    CHECK(world.at() == "printTrouble");
    world.press("again");
    CHECK(world.effects.take(QStringLiteral("print.ticket"))
              .params.value(QStringLiteral("index"))
              .toInt() == 2);
}

TEST_CASE("take-ticket: an outlet whose services are all closed says so")
{
    World world;
    world.press("start");
    world.press("language", "en");
    auto queue = world.journey.samples[QStringLiteral("hub.queue")].toMap();
    queue[QStringLiteral("open")] = 0;
    REQUIRE(world.answer("hub.queue", EffectResult::done(queue)));
    CHECK(world.at() == "closed");
}

TEST_CASE("take-ticket: a card that does not come out withholds neither number nor kiosk")
{
    World world;
    world.toCard();
    REQUIRE(world.succeed("card.read"));
    REQUIRE(world.succeed("hub.visit"));
    REQUIRE(world.succeed("print.ticket"));
    REQUIRE(world.succeed("card.present"));
    world.press("haveCard");
    REQUIRE(world.succeed("card.present"));
    CHECK(world.at() == "takeCard");
    world.press("haveCard");
    REQUIRE(world.succeed("card.present"));
    CHECK(world.at() == "cardStuck");
    world.press("goOn");
    CHECK(world.at() == "result");
    world.press("finish");
    REQUIRE(world.succeed("card.present"));
    CHECK(world.at() == "cardStuck");
    world.press("goOn");
    CHECK(world.ended);
}

TEST_CASE("take-ticket: a reader that fails with a card in it is not trusted to be empty")
{
    World world;
    world.toCard();
    REQUIRE(world.answer("card.read", EffectResult::failed(Remedy::CallStaff)));
    world.press("skip");
    REQUIRE(world.succeed("hub.visit"));
    REQUIRE(world.succeed("print.ticket"));
    REQUIRE(world.answer("card.present", EffectResult::failed(Remedy::CallStaff)));
    CHECK(world.at() == "cardUnsure");
}

TEST_CASE("take-ticket: while a card is read, the customer is told to leave it in")
{
    World world;
    world.toCard();
    CHECK_FALSE(world.page().busy);
    const auto page = world.page({.cardReading = true});
    CHECK(page.busy);
    CHECK(page.title.contains(QStringLiteral("leave it in")));
    CHECK(page.choices.size() == 1);
}

TEST_CASE("take-ticket: the greeting is in both languages and says how many wait")
{
    World world;
    const auto page = world.page({.asOf = QStringLiteral("10:42"), .waiting = 7});
    CHECK(page.title == QStringLiteral("您好，请在这里取号"));
    CHECK(page.secondTitle == QStringLiteral("Welcome. Take a number here"));
    CHECK(page.live == QStringLiteral("7 人等候"));
    CHECK(page.liveAge == QStringLiteral("10:42 更新"));
    CHECK(world.page({.waiting = 0}).live == QStringLiteral("现在无需等候"));
    CHECK(world.page({.waiting = -1}).live.isEmpty());
}
