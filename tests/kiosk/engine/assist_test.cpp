// SPDX-License-Identifier: Apache-2.0
#include <QJsonDocument>

#include <catch2/catch.hpp>

#include "tests/kiosk/engine/fake_world.h"

using namespace guichet;
using namespace guichet::kiosk;
using test::World;

namespace {

QVariantMap paramsOf(World& world, const char* effect)
{
    for (auto call = world.effects.open.rbegin(); call != world.effects.open.rend(); ++call) {
        if (call->name == QLatin1String(effect)) {
            return call->params;
        }
    }
    return {};
}

QString word(const QVariantMap& params, const char* name)
{
    return params.value(QString::fromLatin1(name)).toString();
}

bool stands(const World& world, const char* state)
{
    return world.machine->activeStates().contains(QLatin1String(state));
}

/// At the card, with help asked for and the customer in the line.
void toLine(World& world)
{
    world.toCard();
    world.askForHelp();
    REQUIRE(world.succeed("assist.ask"));
}

void toCall(World& world)
{
    toLine(world);
    REQUIRE(world.succeed("assist.meet"));
}

} // namespace

TEST_CASE("assist: help covers the page and gives it back as it was, and the task goes on below")
{
    World world;
    world.toCard();
    world.askForHelp();
    CHECK(world.at() == "asking");
    SECTION("nobody can be asked")
    {
        REQUIRE(world.answer("assist.ask", EffectResult::failed(Remedy::Wait)));
        CHECK(world.at() == "askNearby");
        world.press("assistClose");
    }
    SECTION("the customer thinks better of it")
    {
        world.press("assistClose");
        CHECK(paramsOf(world, "assist.leave").value(QStringLiteral("op")).toInt() > 0);
    }
    CHECK(world.at() == "card");
    world.askForHelp();
    REQUIRE(world.succeed("card.read"));
    CHECK(world.at() == "asking");
    world.press("assistClose");
    CHECK(world.at() == "number");
}

TEST_CASE("assist: before anybody is called the customer says how to talk")
{
    World world;
    world.toCard();
    world.press("help");
    CHECK(world.at() == "howToTalk");
    CHECK(paramsOf(world, "assist.ask").isEmpty());
    SECTION("not at all")
    {
        world.press("assistClose");
        CHECK(world.at() == "card");
        CHECK(paramsOf(world, "assist.leave").isEmpty());
        world.press("help");
        CHECK(world.at() == "howToTalk");
    }
    SECTION("in one of the ways there are")
    {
        struct Way {
            const char* by;
            const char* mode;
            const char* signLanguage;
        };
        const auto way = GENERATE(Way{"video", "video", ""}, Way{"voice", "voice", ""},
                                  Way{"text", "text", ""}, Way{"sign", "video", "csl"});
        world.press("assistBy", way.by);
        const auto asked = paramsOf(world, "assist.ask");
        CHECK(word(asked, "mode") == QLatin1String(way.mode));
        CHECK(word(asked, "signLanguage") == QLatin1String(way.signLanguage));
    }
    SECTION("and a kiosk that dies shows the choice again")
    {
        world.settle();
        world.killAndResume();
        CHECK(world.at() == "howToTalk");
    }
}

TEST_CASE("assist: who waits sees the place in the line, and may go on meanwhile")
{
    World world;
    toLine(world);
    Live live;
    live.line = {{QStringLiteral("stage"), QStringLiteral("place")},
                 {QStringLiteral("ahead"), 2},
                 {QStringLiteral("minutes"), 3}};
    CHECK(world.at() == "waiting");
    CHECK(world.page(live).title == QStringLiteral("2 ahead of you"));
    CHECK(world.page(live).subtitle.contains(QStringLiteral("3 minutes")));
    world.press("assistAside");
    CHECK(world.at() == "card");
    world.askForHelp();
    CHECK(world.at() == "waiting");
    world.press("assistClose");
    CHECK(world.at() == "card");
    CHECK(word(paramsOf(world, "assist.leave"), "assist") == QStringLiteral("as-1"));
}

TEST_CASE("assist: when staff are there the task's page stays and the task goes on")
{
    World world;
    toCall(world);
    CHECK(world.at() == "card");
    CHECK(stands(world, "together"));
    REQUIRE(world.succeed("card.read"));
    CHECK(world.at() == "number");
    CHECK(stands(world, "together"));
}

TEST_CASE("assist: where calls are recorded the customer is asked first, once an assist")
{
    const auto met = EffectResult::done({{QStringLiteral("recorded"), true}});
    World world;
    toLine(world);
    REQUIRE(world.answer("assist.meet", met));
    CHECK(world.at() == "consent");
    CHECK_FALSE(world.effects.take(QStringLiteral("assist.talk")).answer);
    SECTION("who agrees is recorded, also at the next seat")
    {
        world.press("assistConsent");
        CHECK(world.at() == "card");
        CHECK(paramsOf(world, "assist.talk").value(QStringLiteral("recorded")).toBool());
        REQUIRE(world.answer("assist.talk", EffectResult::done({{QStringLiteral("outcome"),
                                                                 QStringLiteral("transfer")}})));
        REQUIRE(world.answer("assist.meet", met));
        CHECK(world.at() == "card");
        CHECK(paramsOf(world, "assist.talk").value(QStringLiteral("recorded")).toBool());
    }
    SECTION("who does not is led to the counter, and the task stands where it stood")
    {
        world.press("assistRefuse");
        CHECK(world.at() == "unrecorded");
        CHECK(word(paramsOf(world, "assist.leave"), "assist") == QStringLiteral("as-1"));
        world.press("assistClose");
        CHECK(world.at() == "card");
        world.askForHelp();
        REQUIRE(world.succeed("assist.ask"));
        REQUIRE(world.answer("assist.meet", met));
        CHECK(world.at() == "consent"); // another assist
    }
    SECTION("a kiosk that dies asks again")
    {
        world.settle();
        world.killAndResume();
        CHECK(world.at() == "consent");
    }
}

TEST_CASE("assist: what staff ask for is shown to the customer, who decides")
{
    World world;
    toCall(world);
    world.staff("request");
    CHECK(world.at() == "request");
    CHECK(world.page().title == QStringLiteral("请确认新号码"));
    const auto agrees = GENERATE(true, false);
    world.press(agrees ? "assistAgree" : "assistRefuse");
    CHECK(world.at() == "card");
    const auto reply = paramsOf(world, "assist.reply");
    CHECK(word(reply, "request") == QStringLiteral("r1"));
    CHECK(word(reply, "outcome") ==
          (agrees ? QStringLiteral("agreed") : QStringLiteral("refused")));
}

TEST_CASE("assist: a document, a face or a signature is given on the pages the customer knows")
{
    World world;
    toCall(world);
    SECTION("a document: staff hear its mask")
    {
        world.staff("request", 2);
        world.press("assistAgree");
        CHECK(world.page().kind == PageKind::PlaceDocument);
        REQUIRE(world.succeed("document.read"));
        const auto detail = paramsOf(world, "assist.reply").value(QStringLiteral("detail")).toMap();
        CHECK(word(detail, "document") == QStringLiteral("1101**********002X"));
    }
    SECTION("a face")
    {
        world.staff("request", 3);
        world.press("assistAgree");
        CHECK(world.page().kind == PageKind::LookAtCamera);
        REQUIRE(world.succeed("face.take"));
    }
    SECTION("a signature: staff see its picture")
    {
        world.staff("request", 4);
        world.press("assistAgree");
        CHECK(world.page().kind == PageKind::Sign);
        world.press("assistSigned");
        REQUIRE(world.succeed("sign"));
        CHECK(word(paramsOf(world, "assist.reply"), "picture") == QStringLiteral("h-signature"));
    }
    CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("done"));
    CHECK(world.at() == "card");
}

TEST_CASE("assist: who does not speak writes by hand, and the task stands where it stood")
{
    World world;
    toCall(world);
    world.press("assistWrite");
    CHECK(world.at() == "writing");
    CHECK(world.page().kind == PageKind::Write);
    SECTION("or thinks better of it")
    {
        world.press("assistBack");
        CHECK(paramsOf(world, "assist.write").isEmpty());
    }
    SECTION("and sends it")
    {
        world.press("assistWritten");
        CHECK(word(paramsOf(world, "sign"), "kind") == QStringLiteral("writing"));
        REQUIRE(world.succeed("sign"));
        CHECK(word(paramsOf(world, "assist.write"), "picture") == QStringLiteral("h-signature"));
    }
    SECTION("and what cannot be sent is not said to be: the pad is there again")
    {
        world.press("assistWritten");
        REQUIRE(world.succeed("sign"));
        REQUIRE(world.answer("assist.write", EffectResult::failed(Remedy::Retry)));
        CHECK(world.at() == "writing");
        world.press("assistBack");
    }
    SECTION("a kiosk that dies before it is sent asks for it again")
    {
        world.press("assistWritten");
        REQUIRE(world.answer("sign", EffectResult::failed(Remedy::Retry)));
        CHECK(world.at() == "writing");
        world.press("assistBack");
    }
    CHECK(world.at() == "card");
    CHECK(stands(world, "together"));
}

TEST_CASE("assist: a form is shown with who asks, and filled in on the kiosk's own page")
{
    World world;
    toCall(world);
    world.staff("request", 5);
    CHECK(world.at() == "request");
    CHECK(world.page().subtitle.contains(QStringLiteral("小美")));
    SECTION("who does not want to fills in nothing")
    {
        world.press("assistRefuse");
        CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("refused"));
    }
    SECTION("what is wrong is said beside its field, and staff hear the rest masked")
    {
        world.press("assistAgree");
        CHECK(world.at() == "requestForm");
        REQUIRE(world.page().fields.size() == 1);
        world.press("assistFilled", R"({"contactPhone":"1380000"})");
        CHECK(world.at() == "requestForm");
        CHECK_FALSE(world.page().fields.first().error.isEmpty());
        world.press("assistFilled", R"({"contactPhone":"13800005621"})");
        const auto reply = paramsOf(world, "assist.reply");
        CHECK(word(reply, "outcome") == QStringLiteral("done"));
        const auto said = QJsonDocument::fromVariant(reply).toJson();
        CHECK(said.contains("138****5621"));
        CHECK_FALSE(said.contains("13800005621"));
    }
    CHECK(world.at() == "card");
}

TEST_CASE("assist: a form or a paper that the task does not offer is refused without a word")
{
    World world;
    toCall(world);
    world.staff("request", GENERATE(6, 7, 8));
    CHECK(world.at() == "card");
    CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("notAllowed"));
}

TEST_CASE("assist: a number is printed again under the device's own count, once")
{
    World world;
    toCall(world);
    REQUIRE(world.succeed("card.read"));
    REQUIRE(world.succeed("hub.visit"));
    REQUIRE(world.succeed("print.ticket"));
    world.staff("request", 6);
    CHECK(world.page().title == QStringLiteral("Print your number?"));
    world.press("assistAgree");
    CHECK_FALSE(word(paramsOf(world, "print.next"), "id").isEmpty());
    REQUIRE(world.succeed("print.next"));
    CHECK(world.at() == "requestPrint");
    SECTION("it came out")
    {
        const auto print = world.effects.take(QStringLiteral("print.ticket"));
        CHECK(print.params.value(QStringLiteral("index")).toInt() == 2);
        print.answer(EffectResult::done());
        world.settle();
    }
    SECTION("the power went: it is the same print that is asked about")
    {
        const auto first = world.effects.take(QStringLiteral("print.ticket"));
        world.killAndResume();
        const auto again = world.effects.take(QStringLiteral("print.ticket"));
        REQUIRE(again.answer);
        CHECK(again.op == first.op);
        CHECK(again.params.value(QStringLiteral("resumed")).toBool());
        again.answer(EffectResult::done());
        world.settle();
    }
    CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("done"));
    CHECK(stands(world, "together"));
}

TEST_CASE("assist: whether paper came out is asked of the customer, and staff hear what is known")
{
    World world;
    toCall(world);
    REQUIRE(world.succeed("card.read"));
    REQUIRE(world.succeed("hub.visit"));
    REQUIRE(world.succeed("print.ticket"));
    world.staff("request", 6);
    world.press("assistAgree");
    REQUIRE(world.succeed("print.next"));
    SECTION("unknown")
    {
        REQUIRE(world.answer("print.ticket", EffectResult::failed(Remedy::CallStaff, true)));
        CHECK(world.at() == "requestPrintUnknown");
        SECTION("the customer has it")
        {
            world.press("assistHave");
            CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("done"));
        }
        SECTION("nobody knows")
        {
            world.press("assistRefuse");
            CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("unknown"));
        }
        SECTION("a copy is another print")
        {
            world.press("assistAgain");
            REQUIRE(world.answer("print.next", EffectResult::done({{QStringLiteral("index"), 3}})));
            CHECK(paramsOf(world, "print.ticket").value(QStringLiteral("index")).toInt() == 3);
        }
    }
    SECTION("not printed")
    {
        REQUIRE(world.answer("print.ticket", EffectResult::failed(Remedy::ReloadPaper)));
        CHECK(world.at() == "requestPrintTrouble");
        world.press("assistRefuse");
        CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("failed"));
    }
}

TEST_CASE("assist: a device that fails is tried again or left, and staff hear which")
{
    World world;
    toCall(world);
    world.staff("request", 2);
    world.press("assistAgree");
    REQUIRE(world.answer("document.read", EffectResult::failed(Remedy::Retry)));
    CHECK(world.at() == "requestTrouble");
    SECTION("again")
    {
        world.press("assistAgain");
        CHECK(world.at() == "requestScan");
        REQUIRE(world.succeed("document.read"));
        CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("done"));
    }
    SECTION("left")
    {
        world.press("assistRefuse");
        CHECK(word(paramsOf(world, "assist.reply"), "outcome") == QStringLiteral("failed"));
    }
    CHECK(world.at() == "card");
}

TEST_CASE("assist: what this journey does not allow is refused without a word to the customer")
{
    World world;
    toCall(world);
    world.staff("request", 1);
    CHECK(world.at() == "card");
    const auto reply = paramsOf(world, "assist.reply");
    CHECK(word(reply, "request") == QStringLiteral("r2"));
    CHECK(word(reply, "outcome") == QStringLiteral("notAllowed"));
}

TEST_CASE("assist: nobody outside a call can make the terminal do anything")
{
    World world;
    toLine(world);
    world.staff("request");
    world.staff("approve");
    CHECK(world.at() == "waiting");
    CHECK(world.machine->data().value(QStringLiteral("approvalsHeard")).toInt() == 0);
}

TEST_CASE("assist: an answer that was on its way when the power went is given once more, not twice")
{
    World world;
    toCall(world);
    world.staff("request");
    world.press("assistAgree");
    const auto first = world.effects.take(QStringLiteral("assist.reply"));
    world.killAndResume();
    const auto again = world.effects.take(QStringLiteral("assist.reply"));
    REQUIRE(again.answer);
    CHECK(again.op == first.op);
    CHECK(stands(world, "together"));
    again.answer(EffectResult::done());
    world.settle();
    world.killAndResume();
    CHECK_FALSE(world.effects.take(QStringLiteral("assist.reply")).answer);
}

TEST_CASE("assist: a customer who is handed on waits at the next seat with everything done so far")
{
    World world;
    toCall(world);
    REQUIRE(world.answer("assist.talk", EffectResult::done({{QStringLiteral("outcome"),
                                                             QStringLiteral("transfer")}})));
    CHECK(world.at() == "waiting");
    CHECK(word(paramsOf(world, "assist.meet"), "assist") == QStringLiteral("as-1"));
    REQUIRE(world.succeed("assist.meet"));
    CHECK(world.at() == "card");
}

TEST_CASE("assist: after the call the customer goes on where the task stands, or asks again")
{
    World world;
    toCall(world);
    const bool customerHangsUp = GENERATE(true, false);
    if (customerHangsUp) {
        world.press("assistEnd");
        CHECK(word(paramsOf(world, "assist.leave"), "assist") == QStringLiteral("as-1"));
    } else {
        REQUIRE(world.succeed("assist.talk"));
    }
    CHECK(world.at() == "helped");
    SECTION("goes on")
    {
        world.press("assistClose");
        CHECK(world.at() == "card");
    }
    SECTION("asks again")
    {
        world.askForHelp();
        CHECK(world.at() == "asking");
    }
}

TEST_CASE("assist: who does not want to wait leaves a number and is called")
{
    World world;
    toLine(world);
    world.press("assistCallBack");
    CHECK(world.at() == "contact");
    world.press("assistNumber", "13800005621");
    CHECK(world.at() == "promising");
    CHECK(word(paramsOf(world, "assist.callBack"), "contact") == QStringLiteral("13800005621"));
    SECTION("the hub has it")
    {
        REQUIRE(world.succeed("assist.callBack"));
        CHECK(world.at() == "promised");
        world.press("assistClose");
        CHECK(world.at() == "card");
        CHECK(world.machine->data().value(QStringLiteral("contact")).toString().isEmpty());
    }
    SECTION("it could not be written down: the place in the line is kept")
    {
        REQUIRE(world.answer("assist.callBack", EffectResult::failed(Remedy::Wait)));
        CHECK(world.at() == "waiting");
    }
}

TEST_CASE("assist: who is owed a call has it on paper, or hears that it is owed without")
{
    World world;
    toLine(world);
    world.press("assistCallBack");
    world.press("assistNumber", "13800005621");
    REQUIRE(world.succeed("assist.callBack"));
    world.press("assistSlip");
    const auto key = word(paramsOf(world, "print.next"), "idempotencyKey");
    CHECK_FALSE(key.isEmpty());
    REQUIRE(world.answer("print.next", EffectResult::done({{QStringLiteral("index"), 1}})));
    const auto slip = paramsOf(world, "print.slip");
    CHECK(word(slip, "idempotencyKey") == key);
    CHECK(word(slip, "reference") == QStringLiteral("AS-1"));
    CHECK(word(slip, "contact") == QStringLiteral("13800005621"));
    SECTION("it came out")
    {
        REQUIRE(world.succeed("print.slip"));
        CHECK(world.at() == "slipDone");
    }
    SECTION("nobody knows whether it did: the customer looks, and a copy is another print")
    {
        REQUIRE(world.answer("print.slip", EffectResult::failed(Remedy::CallStaff, true)));
        CHECK(world.at() == "slipUnknown");
        world.press("assistAgain");
        CHECK(word(paramsOf(world, "print.next"), "idempotencyKey") == key);
        REQUIRE(world.answer("print.next", EffectResult::done({{QStringLiteral("index"), 2}})));
        CHECK(paramsOf(world, "print.slip").value(QStringLiteral("index")).toInt() == 2);
        REQUIRE(world.succeed("print.slip"));
    }
    SECTION("no paper")
    {
        REQUIRE(world.answer("print.slip", EffectResult::failed(Remedy::ReloadPaper)));
        CHECK(world.at() == "slipTrouble");
    }
    SECTION("the power went: it is the same print that is asked about")
    {
        world.killAndResume();
        const auto again = world.effects.take(QStringLiteral("print.slip"));
        REQUIRE(again.answer);
        CHECK(again.params.value(QStringLiteral("resumed")).toBool());
        again.answer(EffectResult::done());
        world.settle();
        CHECK(world.at() == "slipDone");
    }
    world.press("assistClose");
    CHECK(world.at() == "card");
    CHECK(world.machine->data().value(QStringLiteral("contact")).toString().isEmpty());
}

TEST_CASE("assist: nobody is sent away for being quiet in a call, and who waits has more time")
{
    World world;
    toLine(world);
    CHECK(paramsOf(world, "timer").value(QStringLiteral("seconds")).toInt() == 180);
    REQUIRE(world.fire("presence"));
    CHECK(world.at() == "warned");
    world.press("stay");
    REQUIRE(world.succeed("assist.meet"));
    REQUIRE(world.fire("presence"));
    CHECK(world.at() == "card");
    CHECK(stands(world, "together"));
}
