// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/kiosk/engine/fake_world.h"

using namespace guichet;
using namespace guichet::kiosk;
using test::World;

namespace {

const QString kTask = QStringLiteral("check-in");

/// One of the answers that the hub may give.
EffectResult answerOf(const World& world, const char* member, const char* reason = "")
{
    for (const auto& each : world.journey.samples.value(QStringLiteral("hub.checkIn")).toList()) {
        const auto answer = each.toMap();
        const auto found = answer.value(QString::fromLatin1(member)).toMap();
        if (!found.isEmpty() &&
            found.value(QStringLiteral("reason")).toString() == QLatin1String(reason)) {
            return EffectResult::done(answer);
        }
    }
    FAIL("no sample answer has " << member << ' ' << reason);
    return {};
}

EffectResult papers(int next, bool paper)
{
    return EffectResult::done({{QStringLiteral("index"), next}, {QStringLiteral("paper"), paper}});
}

void showCode(World& world, const char* code)
{
    REQUIRE(world.answer(
        "code.scan", EffectResult::done({{QStringLiteral("code"), QString::fromLatin1(code)}})));
}

} // namespace

TEST_CASE("check-in: a code before the camera becomes a place in the line, on paper")
{
    World world(kTask);
    CHECK(world.at() == "scan");
    showCode(world, "GT1:ABC");
    CHECK(world.page().busy);
    const auto asked = world.effects.take(QStringLiteral("hub.checkIn"));
    REQUIRE(asked.answer);
    CHECK(asked.params.value(QStringLiteral("code")) == QStringLiteral("GT1:ABC"));
    asked.answer(answerOf(world, "visit"));
    world.settle();
    REQUIRE(world.answer("print.next", papers(1, false)));
    CHECK(world.at() == "printing");
    CHECK(world.page().title == QStringLiteral("签到成功"));
    CHECK(world.page().ticket->label == QStringLiteral("A012"));
    REQUIRE(world.answer("print.ticket", EffectResult::done()));
    world.cardIsOut();
    CHECK(world.at() == "result");
    world.press("finish");
    world.cardIsOut();
    CHECK(world.ended);
    CHECK_FALSE(world.machine->handover());
    CHECK(world.journal.records.empty());
}

TEST_CASE("check-in: without a camera the ten digits are typed")
{
    World world(kTask);
    REQUIRE(world.answer("code.scan", EffectResult::failed(Remedy::CallStaff)));
    CHECK(world.at() == "digits");
    CHECK(world.page().mask == QStringLiteral("### #### ###"));
    const auto page = world.page({.camera = false});
    REQUIRE(page.choices.size() == 1);
    CHECK_FALSE(page.choices[0].enabled);
    world.press("digits", "1234567890");
    const auto asked = world.effects.take(QStringLiteral("hub.checkIn"));
    CHECK(asked.params.value(QStringLiteral("code")) == QStringLiteral("1234567890"));
}

TEST_CASE("check-in: a hub that is away is asked again with the same key until it answers")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    const auto first = world.effects.take(QStringLiteral("hub.checkIn"));
    first.answer(EffectResult::failed(Remedy::Wait));
    world.settle();
    CHECK(world.at() == "lost");
    REQUIRE(world.fire("retry"));
    const auto second = world.effects.take(QStringLiteral("hub.checkIn"));
    REQUIRE(second.answer);
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) ==
          first.params.value(QStringLiteral("idempotencyKey")));
    CHECK(second.params.value(QStringLiteral("code")) == QStringLiteral("GT1:ABC"));
    second.answer(answerOf(world, "visit"));
    world.settle();
    CHECK(world.at() == "paper");
}

TEST_CASE("check-in: a second code is another wish, with a key of its own")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    const auto first = world.effects.take(QStringLiteral("hub.checkIn"));
    first.answer(answerOf(world, "refusal", "code-unknown"));
    world.settle();
    CHECK(world.at() == "wrongCode");
    CHECK(world.page().title == QStringLiteral("没有找到这个预约"));
    world.press("again");
    showCode(world, "GT1:DEF");
    const auto second = world.effects.take(QStringLiteral("hub.checkIn"));
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) !=
          first.params.value(QStringLiteral("idempotencyKey")));
}

TEST_CASE("check-in: who comes too early hears when to come, and may take a number now")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "refusal", "too-early")));
    CHECK(world.at() == "tooEarly");
    CHECK(world.page().subtitle.contains(QStringLiteral("10:15")));
    world.press("newNumber");
    CHECK(world.ended);
    REQUIRE(world.machine->handover());
    CHECK(world.machine->handover()->task == kFirstTask);
    CHECK(world.machine->handover()->settings.value(QStringLiteral("fields")).toMap() ==
          QVariantMap{{QStringLiteral("service"), QStringLiteral("cash")}});
}

TEST_CASE("check-in: whatever is over leads to a new number with the service kept")
{
    const auto* const reason =
        GENERATE("appointment-over", "number-lapsed", "visit-ended", "appointment-cancelled");
    World world(kTask);
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "refusal", reason)));
    CHECK(world.at() == "over");
    CHECK_FALSE(world.page().title.isEmpty());
    world.press("newNumber");
    REQUIRE(world.machine->handover());
    CHECK(world.machine->handover()
              ->settings.value(QStringLiteral("fields"))
              .toMap()
              .value(QStringLiteral("service")) == QStringLiteral("cash"));
}

TEST_CASE("check-in: a day that is over offers no new number")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "refusal", "business-day-closed")));
    CHECK(world.at() == "dayOver");
    CHECK(world.page().title == QStringLiteral("现在不办理业务"));
    REQUIRE(world.page().primary);
    CHECK(world.page().primary->event == QStringLiteral("cancel"));
    for (const auto& choice : world.page().choices) {
        CHECK(choice.event != QStringLiteral("newNumber"));
    }
    world.press("cancel");
    world.cardIsOut();
    CHECK(world.ended);
    CHECK_FALSE(world.machine->handover());
}

TEST_CASE("check-in: a card that was put in is not left behind")
{
    World world(kTask);
    world.press("cancel");
    CHECK_FALSE(world.ended);
    REQUIRE(world.answer("card.present", EffectResult::done({{QStringLiteral("present"), true}})));
    CHECK(world.at() == "takeCard");
    REQUIRE(world.succeed("card.removal"));
    CHECK(world.ended);
}

TEST_CASE("check-in: whoever left without the card is warned on, and nothing begins anew")
{
    World world(kTask);
    world.askForHelp();
    REQUIRE(world.succeed("assist.ask"));
    world.press("assistAside");
    world.press("cancel");
    REQUIRE(world.answer("card.present", EffectResult::done({{QStringLiteral("present"), true}})));
    REQUIRE(world.fire("alarm"));
    CHECK(world.at() == "cardForgotten");
    REQUIRE(world.fire("presence"));
    CHECK(world.at() == "cardForgotten");
    CHECK_FALSE(world.ended);
    CHECK(world.machine->activeStates().contains(QStringLiteral("unasked")));
    REQUIRE(world.succeed("card.removal"));
    CHECK(world.ended);
}

TEST_CASE("check-in: a paper that never came out is printed, not called a copy that exists")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "visit")));
    REQUIRE(world.answer("print.next", papers(2, false)));
    const auto print = world.effects.take(QStringLiteral("print.ticket"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("index")).toInt() == 2);
}

TEST_CASE("check-in: whoever was called meanwhile is sent to the counter")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    auto visit = answerOf(world, "visit");
    auto ticket = visit.data[QStringLiteral("visit")].toMap();
    ticket[QStringLiteral("state")] = QStringLiteral("called");
    ticket[QStringLiteral("counter")] = QStringLiteral("3");
    REQUIRE(world.answer("hub.checkIn", EffectResult::done({{QStringLiteral("visit"), ticket}})));
    CHECK(world.at() == "known");
    CHECK(world.page().title == QStringLiteral("轮到您了"));
    CHECK(world.page().subtitle == QStringLiteral("请到 3 号窗口。"));
    world.press("finish");
    world.cardIsOut();
    CHECK(world.ended);
}

TEST_CASE("check-in: a code that comes into view during the last warning keeps the customer")
{
    World world(kTask, {{QStringLiteral("handed"), true}});
    REQUIRE(world.fire("presence"));
    CHECK(world.at() == "warned");
    showCode(world, "GT1:ABC");
    CHECK(world.at() == "checking");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "visit")));
    CHECK(world.at() == "paper");
}

TEST_CASE("check-in: a code held up while digits are typed is taken")
{
    World world(kTask);
    world.press("type");
    CHECK(world.at() == "digits");
    showCode(world, "GT1:ABC");
    CHECK(world.at() == "checking");
}

TEST_CASE("check-in: a second check-in prints nothing by itself, and a copy when asked")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "visit")));
    REQUIRE(world.answer("print.next", papers(2, true)));
    CHECK(world.at() == "already");
    CHECK(world.page().ticket->label == QStringLiteral("A012"));
    world.press("copy");
    const auto print = world.effects.take(QStringLiteral("print.ticket"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("index")).toInt() == 2);
}

TEST_CASE("check-in: a form that was filled in online opens its journey")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "form")));
    CHECK(world.ended);
    REQUIRE(world.machine->handover());
    World next(world.machine->handover()->task, world.machine->handover()->settings);
    REQUIRE(next.succeed("hub.queue"));
    CHECK(next.at() == "card");
    next.press("skip");
    const auto visit = next.effects.take(QStringLiteral("hub.visit"));
    CHECK(visit.params.value(QStringLiteral("service")) == QStringLiteral("cash"));
}

TEST_CASE("check-in: whoever has a code goes there from the first page, in their language")
{
    World world;
    world.press("setElder");
    world.press("setLanguage", "en");
    world.press("code");
    CHECK(world.ended);
    const auto handover = world.machine->handover();
    REQUIRE(handover);
    CHECK(handover->task == kTask);
    World next(handover->task, handover->settings);
    CHECK(next.page().title == QStringLiteral("Hold your code to the camera"));
    CHECK(next.machine->data().value(QStringLiteral("elder")).toBool());
    CHECK(next.effects.take(QStringLiteral("timer"), QStringLiteral("presence")).answer);
}

TEST_CASE("check-in: the journal stays for the next journey and tells which one it is")
{
    World world;
    world.press("code");
    REQUIRE(world.ended);
    CHECK_FALSE(world.journal.records.empty());
    CHECK(lastSession(world.journal.records).task == kFirstTask);
    const auto handover = world.machine->handover();
    auto journey = *loadJourney(QStringLiteral(":/journeys/check-in"));
    test::FakeEffects effects;
    auto next = *JourneyMachine::load(journey, handover->settings, effects, world.journal);
    next->start();
    while (!next->settled()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    const auto session = lastSession(world.journal.records);
    CHECK(session.task == kTask);
    CHECK(session.records.size() < world.journal.records.size());
    auto resumed = *JourneyMachine::load(journey, {}, effects, world.journal);
    REQUIRE(resumed->resume(session.records, std::chrono::minutes(5)));
    CHECK(resumed->data().value(QStringLiteral("handed")).toBool());
}

TEST_CASE("check-in: killed while the hub is asked, it asks again with the same key")
{
    World world(kTask);
    showCode(world, "GT1:ABC");
    const auto first = world.effects.take(QStringLiteral("hub.checkIn"));
    world.killAndResume();
    const auto second = world.effects.take(QStringLiteral("hub.checkIn"));
    REQUIRE(second.answer);
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) ==
          first.params.value(QStringLiteral("idempotencyKey")));
}

TEST_CASE("check-in: help comes along to the next journey, wherever it stands")
{
    World world(kTask);
    world.press("help");
    std::string stage = "howToTalk";
    SECTION("the customer has not said how to talk") {}
    SECTION("it is being asked for")
    {
        world.press("assistBy", "text");
        stage = "asking";
    }
    SECTION("the customer stands in the line")
    {
        stage = "line";
        world.press("assistBy", "text");
        REQUIRE(world.succeed("assist.ask"));
        world.press("assistAside");
    }
    SECTION("staff are there")
    {
        stage = "inCall";
        world.press("assistBy", "text");
        REQUIRE(world.succeed("assist.ask"));
        REQUIRE(world.succeed("assist.meet"));
    }
    showCode(world, "GT1:ABC");
    REQUIRE(world.answer("hub.checkIn", answerOf(world, "form")));
    REQUIRE(world.machine->handover());
    World next(world.machine->handover()->task, world.machine->handover()->settings);
    CHECK(next.machine->activeStates().contains(QString::fromStdString(stage)));
    CHECK(next.machine->data().value(QStringLiteral("assistId")) ==
          world.machine->data().value(QStringLiteral("assistId")));
}

TEST_CASE("check-in: an interrupted session whose customer is long gone leads nowhere")
{
    World world;
    world.press("code");
    REQUIRE(world.machine->handover());
    world.ended = false;
    world.killAndResume(std::chrono::seconds(-1));
    CHECK(world.ended);
    CHECK_FALSE(world.machine->handover());
    CHECK(world.journal.records.empty());
}

TEST_CASE("take-ticket: a service that is closed is chosen anew")
{
    World world(kFirstTask, {{QStringLiteral("handed"), true},
                             {QStringLiteral("fields"),
                              QVariantMap{{QStringLiteral("service"), QStringLiteral("gold")}}}});
    REQUIRE(world.succeed("hub.queue"));
    CHECK(world.at() == "service");
}
