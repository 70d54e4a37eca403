// SPDX-License-Identifier: Apache-2.0
#include <QJsonDocument>
#include <QJsonObject>

#include <catch2/catch.hpp>

#include "tests/kiosk/engine/fake_world.h"

using namespace guichet;
using namespace guichet::kiosk;

namespace {

const char* const kTyped = R"({"phone":"13911112222","phoneAgain":"13911112222"})";

/// A customer who came to change a phone number.
class Customer : public test::World {
public:
    Customer()
        : World(QStringLiteral("phone-change"),
                {{QStringLiteral("handed"), true},
                 {QStringLiteral("language"), QStringLiteral("en")}})
    {
    }

    /// The first of an effect's samples.
    bool goesWell(const char* effect) { return succeedsWith(effect, 0); }
    bool succeedsWith(const char* effect, int sample)
    {
        const auto known = journey.samples.value(QString::fromLatin1(effect));
        const auto data = known.typeId() == QMetaType::QVariantList
                              ? known.toList().at(sample).toMap()
                              : known.toMap();
        return answer(effect, EffectResult::done(data));
    }
    void toNumber()
    {
        press("card");
        goesWell("card.read");
        goesWell("bank.lookup");
    }
    void toSign()
    {
        toNumber();
        press("number", kTyped);
        goesWell("face.take");
    }
    void toReview()
    {
        toSign();
        press("signed");
        goesWell("sign");
    }
    void toSubmitting()
    {
        toReview();
        press("confirm");
    }
    [[nodiscard]] FormField field(int place) const { return page().fields.value(place); }
    [[nodiscard]] QString value(const char* name) const
    {
        return machine->data().value(QString::fromLatin1(name)).toString();
    }
};

} // namespace

TEST_CASE("phone-change: a customer with a card changes the number and gets a receipt")
{
    Customer customer;
    CHECK(customer.at() == "identify");
    customer.press("card");
    CHECK(customer.at() == "card");
    REQUIRE(customer.goesWell("card.read"));
    CHECK(customer.at() == "lookingUp");
    REQUIRE(customer.goesWell("bank.lookup"));
    CHECK(customer.at() == "number");
    customer.press("number", kTyped);
    CHECK(customer.at() == "face");
    REQUIRE(customer.goesWell("face.take"));
    CHECK(customer.at() == "sign");
    customer.press("signed");
    REQUIRE(customer.goesWell("sign"));
    CHECK(customer.at() == "review");
    REQUIRE(customer.page().facts.size() == 5);
    CHECK(customer.page().facts[0].value == QStringLiteral("**明"));
    CHECK(customer.page().facts[3].value == QStringLiteral("139 1111 2222"));
    customer.press("confirm");
    const auto submit = customer.effects.take(QStringLiteral("bank.submit"));
    REQUIRE(submit.answer);
    CHECK(submit.params.value(QStringLiteral("customer")) == QStringLiteral("c1"));
    CHECK(submit.params.value(QStringLiteral("phone")) == QStringLiteral("13911112222"));
    CHECK(submit.params.value(QStringLiteral("identity")) == QStringLiteral("h-card"));
    CHECK(submit.params.value(QStringLiteral("face")) == QStringLiteral("h-face"));
    CHECK(submit.params.value(QStringLiteral("signature")) == QStringLiteral("h-signature"));
    submit.answer(EffectResult::done(
        customer.journey.samples[QStringLiteral("bank.submit")].toList().at(0).toMap()));
    customer.settle();
    CHECK(customer.at() == "printing");
    REQUIRE(customer.goesWell("print.receipt"));
    customer.cardIsOut();
    CHECK(customer.at() == "result");
    CHECK(customer.page().subtitle.contains(QStringLiteral("P000001")));
    customer.press("finish");
    customer.cardIsOut();
    CHECK(customer.ended);
    CHECK(customer.journal.records.empty());
}

TEST_CASE("phone-change: an identity card does as well as a bank card")
{
    Customer customer;
    customer.press("document");
    CHECK(customer.at() == "document");
    REQUIRE(customer.goesWell("document.read"));
    const auto lookup = customer.effects.take(QStringLiteral("bank.lookup"));
    REQUIRE(lookup.answer);
    CHECK(lookup.params.value(QStringLiteral("handle")) == QStringLiteral("h-document"));
}

TEST_CASE("phone-change: an expired identity card leads to the bank card or the counter")
{
    Customer customer;
    customer.press("document");
    REQUIRE(customer.succeedsWith("document.read", 1));
    CHECK(customer.at() == "documentExpired");
    CHECK_FALSE(customer.effects.take(QStringLiteral("bank.lookup")).answer);
    customer.press("card");
    CHECK(customer.at() == "card");
}

TEST_CASE("phone-change: what is wrong in the form stands at its field, and what was typed stays")
{
    Customer customer;
    customer.toNumber();
    customer.press("number", R"({"phone":"13911112222","phoneAgain":"13911112223"})");
    CHECK(customer.at() == "number");
    CHECK(customer.field(0).error.isEmpty());
    CHECK(customer.field(0).value == QStringLiteral("13911112222"));
    CHECK(customer.field(1).error.contains(QStringLiteral("Not the same")));
    customer.press("number", kTyped);
    CHECK(customer.at() == "face");
    customer.press("back");
    CHECK(customer.at() == "number");
    CHECK(customer.field(1).error.isEmpty());
    CHECK(customer.field(1).value == QStringLiteral("13911112222"));
}

TEST_CASE("phone-change: nothing but the page's fields is taken over from a form")
{
    Customer customer;
    customer.toNumber();
    customer.press("number", GENERATE(R"({"phone":["x"],"receipt":{"reference":"P1"}})",
                                      R"(["13911112222"])", "13911112222", "{"));
    CHECK(customer.at() == "number");
    CHECK(customer.machine->data().value(QStringLiteral("number")).toMap().isEmpty());
}

TEST_CASE("phone-change: a submission that got lost asks again under the same key")
{
    Customer customer;
    customer.toSubmitting();
    const auto first = customer.effects.take(QStringLiteral("bank.submit"));
    REQUIRE(first.answer);
    first.answer(EffectResult::failed(Remedy::Wait));
    customer.settle();
    CHECK(customer.at() == "submitLost");
    REQUIRE(customer.fire("retry"));
    const auto second = customer.effects.take(QStringLiteral("bank.submit"));
    REQUIRE(second.answer);
    CHECK(second.op != first.op);
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) ==
          first.params.value(QStringLiteral("idempotencyKey")));
}

TEST_CASE(
    "phone-change: a kiosk that dies while the bank is asked asks the same under the same key")
{
    Customer customer;
    customer.toSubmitting();
    const auto before = customer.effects.take(QStringLiteral("bank.submit"));
    REQUIRE(before.answer);
    customer.killAndResume();
    CHECK(customer.at() == "submitting");
    const auto after = customer.effects.take(QStringLiteral("bank.submit"));
    REQUIRE(after.answer);
    CHECK(after.params.value(QStringLiteral("resumed")).toBool());
    for (const auto* same :
         {"idempotencyKey", "customer", "phone", "identity", "face", "signature"}) {
        const auto name = QString::fromLatin1(same);
        CHECK(after.params.value(name) == before.params.value(name));
    }
}

TEST_CASE("phone-change: a kiosk that dies after the bank's answer does not ask again")
{
    Customer customer;
    customer.toSubmitting();
    REQUIRE(customer.goesWell("bank.submit"));
    CHECK(customer.at() == "printing");
    customer.killAndResume();
    CHECK(customer.at() == "printing");
    CHECK_FALSE(customer.effects.take(QStringLiteral("bank.submit")).answer);
    const auto print = customer.effects.take(QStringLiteral("print.receipt"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("index")).toInt() == 1);
    CHECK(print.params.value(QStringLiteral("resumed")).toBool());
}

TEST_CASE("phone-change: a kiosk that dies in the middle of the form keeps what was said to it")
{
    Customer customer;
    customer.toNumber();
    customer.press("number", R"({"phone":"13911112222","phoneAgain":""})");
    customer.killAndResume();
    CHECK(customer.at() == "number");
    CHECK(customer.field(0).value == QStringLiteral("13911112222"));
    CHECK_FALSE(customer.field(1).error.isEmpty());
}

TEST_CASE("phone-change: a refused number leads back to the form, and a new wish has a new key")
{
    Customer customer;
    customer.toSubmitting();
    const auto first = customer.effects.take(QStringLiteral("bank.submit"));
    first.answer(EffectResult::done(
        customer.journey.samples[QStringLiteral("bank.submit")].toList().at(1).toMap()));
    customer.settle();
    CHECK(customer.at() == "numberRefused");
    customer.press("other");
    CHECK(customer.at() == "number");
    customer.press("number", R"({"phone":"13922223333","phoneAgain":"13922223333"})");
    REQUIRE(customer.goesWell("face.take"));
    customer.press("signed");
    REQUIRE(customer.goesWell("sign"));
    customer.press("confirm");
    const auto second = customer.effects.take(QStringLiteral("bank.submit"));
    REQUIRE(second.answer);
    CHECK(second.params.value(QStringLiteral("phone")) == QStringLiteral("13922223333"));
    CHECK(second.params.value(QStringLiteral("idempotencyKey")) !=
          first.params.value(QStringLiteral("idempotencyKey")));
}

TEST_CASE("phone-change: evidence that did not reach the bank is given again, the number is kept")
{
    Customer customer;
    customer.toSubmitting();
    REQUIRE(customer.succeedsWith("bank.submit", 2));
    CHECK(customer.at() == "evidenceLost");
    customer.press("again");
    CHECK(customer.at() == "face");
    REQUIRE(customer.goesWell("face.take"));
    customer.press("signed");
    REQUIRE(customer.goesWell("sign"));
    CHECK(customer.page().facts[3].value == QStringLiteral("139 1111 2222"));
}

TEST_CASE("phone-change: a face that is not seen well is no dead end")
{
    Customer customer;
    customer.toNumber();
    customer.press("number", kTyped);
    REQUIRE(customer.succeedsWith("face.take", 1));
    CHECK(customer.at() == "faceTrouble");
    customer.press("again");
    CHECK(customer.at() == "face");
    REQUIRE(customer.answer("face.take", EffectResult::failed(Remedy::CallStaff)));
    CHECK(customer.at() == "faceTrouble");
}

TEST_CASE("phone-change: who cannot sign asks staff and loses nothing")
{
    Customer customer;
    customer.toSign();
    customer.askForHelp();
    CHECK(customer.at() == "asking");
    REQUIRE(customer.goesWell("assist.ask"));
    customer.press("assistAside");
    CHECK(customer.at() == "sign");
    CHECK(customer.page().subtitle.contains(QStringLiteral("13911112222")));
}

TEST_CASE("phone-change: the counter goes on from any step, with its service and what it is for")
{
    Customer customer;
    customer.toNumber();
    customer.press("number", kTyped);
    customer.press("counter");
    REQUIRE(customer.ended);
    const auto next = customer.machine->handover();
    REQUIRE(next);
    CHECK(next->task == kFirstTask);
    const auto fields = next->settings.value(QStringLiteral("fields")).toMap();
    CHECK(fields.value(QStringLiteral("service")) == QStringLiteral("account"));
    CHECK(fields.value(QStringLiteral("task")) == QStringLiteral("phone-change"));
    CHECK(next->settings.value(QStringLiteral("language")) == QStringLiteral("en"));
}

TEST_CASE("phone-change: a receipt that may be out is copied only on a wish, with a higher index")
{
    Customer customer;
    customer.toSubmitting();
    REQUIRE(customer.goesWell("bank.submit"));
    REQUIRE(customer.answer("print.receipt", EffectResult::failed(Remedy::CallStaff, true)));
    CHECK(customer.at() == "printUnknown");
    customer.press("copy");
    const auto print = customer.effects.take(QStringLiteral("print.receipt"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("index")).toInt() == 2);
}

TEST_CASE("phone-change: a receipt without paper leaves its reference on the screen")
{
    Customer customer;
    customer.toSubmitting();
    REQUIRE(customer.goesWell("bank.submit"));
    REQUIRE(customer.answer("print.receipt", EffectResult::failed(Remedy::ReloadPaper)));
    CHECK(customer.at() == "printTrouble");
    CHECK(customer.page().subtitle.contains(QStringLiteral("P000001")));
    customer.press("noPaper");
    customer.cardIsOut();
    CHECK(customer.at() == "result");
}

TEST_CASE("phone-change: the ticket of a customer who goes to the counter says what for")
{
    test::World world(kFirstTask,
                      {{QStringLiteral("handed"), true},
                       {QStringLiteral("fields"),
                        QVariantMap{{QStringLiteral("service"), QStringLiteral("cash")},
                                    {QStringLiteral("task"), QStringLiteral("phone-change")}}}});
    REQUIRE(world.succeed("hub.queue"));
    world.press("skip");
    REQUIRE(world.succeed("hub.visit"));
    const auto print = world.effects.take(QStringLiteral("print.ticket"));
    REQUIRE(print.answer);
    CHECK(print.params.value(QStringLiteral("purpose")) == QStringLiteral("phone-change"));
}

TEST_CASE("phone-change: a number that staff had filled in while the page waits for it goes on")
{
    Customer customer;
    customer.toNumber();
    customer.askForHelp();
    REQUIRE(customer.goesWell("assist.ask"));
    REQUIRE(customer.goesWell("assist.meet"));
    const auto push = [&customer](const char* form) {
        customer.machine->hear(QStringLiteral("request"),
                               {{QStringLiteral("request"), QString::fromLatin1(form)},
                                {QStringLiteral("kind"), QStringLiteral("form")},
                                {QStringLiteral("form"), QString::fromLatin1(form)}});
        customer.settle();
    };
    SECTION("the form of the task")
    {
        push("number");
        customer.press("assistAgree");
        CHECK(customer.at() == "requestForm");
        customer.press("assistFilled", kTyped);
        CHECK(customer.at() == "face");
        REQUIRE(customer.goesWell("face.take"));
        customer.press("signed");
        REQUIRE(customer.goesWell("sign"));
        CHECK(customer.page().facts[3].value == QStringLiteral("139 1111 2222"));
        push("number"); // not any more
        CHECK(customer.at() == "review");
    }
    SECTION("another form changes nothing here")
    {
        push("contact");
        customer.press("assistAgree");
        customer.press("assistFilled", R"({"contactPhone":"13800005621"})");
        CHECK(customer.at() == "number");
    }
}

TEST_CASE("phone-change: the receipt is printed again under the same key")
{
    Customer customer;
    customer.toSubmitting();
    REQUIRE(customer.goesWell("bank.submit"));
    const auto first = customer.effects.take(QStringLiteral("print.receipt"));
    first.answer(EffectResult::done());
    customer.settle();
    customer.cardIsOut();
    customer.askForHelp();
    REQUIRE(customer.goesWell("assist.ask"));
    REQUIRE(customer.goesWell("assist.meet"));
    customer.staff("request", 7);
    customer.press("assistAgree");
    REQUIRE(customer.goesWell("print.next"));
    const auto again = customer.effects.take(QStringLiteral("print.receipt"));
    REQUIRE(again.answer);
    CHECK(again.params.value(QStringLiteral("idempotencyKey")) ==
          first.params.value(QStringLiteral("idempotencyKey")));
    CHECK(again.params.value(QStringLiteral("index")).toInt() == 2);
    CHECK(again.params.value(QStringLiteral("receipt")) ==
          first.params.value(QStringLiteral("receipt")));
}
