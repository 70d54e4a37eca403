// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/form.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <catch2/catch.hpp>

#include "kiosk/engine/journey.h"

using namespace guichet;
using namespace guichet::kiosk;

namespace {

const QStringList kBoth{QStringLiteral("phone"), QStringLiteral("again")};

Result<Form> read(const char* properties, const char* required = "[]")
{
    const auto text = QStringLiteral(R"({"type":"object","required":%1,"properties":%2})")
                          .arg(QString::fromLatin1(required), QString::fromLatin1(properties));
    return Form::read(QJsonDocument::fromJson(text.toUtf8()).object());
}

Form phones()
{
    return *read(R"({"phone":{"type":"string","pattern":"^1[3-9][0-9]{9}$","x-mask":"###"},)"
                 R"("again":{"type":"string","x-mask":"###","x-repeats":"phone"}})",
                 R"(["phone","again"])");
}

QVariantMap filled(const char* phone, const char* again)
{
    return {{kBoth[0], QString::fromLatin1(phone)}, {kBoth[1], QString::fromLatin1(again)}};
}

std::string errorOf(const QVariantMap& errors, const QString& field)
{
    return errors.value(field).toString().toStdString();
}

} // namespace

TEST_CASE("form: what is typed twice and right has nothing wrong about it")
{
    CHECK(phones().check(filled("13911112222", "13911112222"), kBoth).isEmpty());
}

TEST_CASE("form: each field says what is wrong about it, and nothing of the others")
{
    const auto form = phones();
    CHECK(errorOf(form.check({}, kBoth), kBoth[0]) == "missing");
    CHECK(errorOf(form.check(filled("129", "129"), kBoth), kBoth[0]) == "wrong");
    const auto different = form.check(filled("13911112222", "13911112223"), kBoth);
    CHECK(different.size() == 1);
    CHECK(errorOf(different, kBoth[1]) == "different");
}

TEST_CASE("form: a page is asked for its own fields only")
{
    CHECK(phones().check(filled("13911112222", ""), {kBoth[0]}).isEmpty());
}

TEST_CASE("form: only the page's texts are kept, without spaces around them")
{
    const auto kept = Form::kept({{kBoth[0], QStringLiteral(" 139 ")},
                                  {kBoth[1], 7},
                                  {QStringLiteral("other"), QStringLiteral("x")}},
                                 kBoth);
    CHECK(kept == QVariantMap{{kBoth[0], QStringLiteral("139")}});
}

TEST_CASE("form: a choice takes one of its options")
{
    const auto form = read(R"({"use":{"type":"string","enum":["all","some"]}})");
    REQUIRE(form);
    const QStringList use{QStringLiteral("use")};
    CHECK(form->field(use[0])->kind == FormField::Kind::Choice);
    CHECK(form->check({{use[0], QStringLiteral("some")}}, use).isEmpty());
    CHECK(errorOf(form->check({{use[0], QStringLiteral("none")}}, use), use[0]) == "wrong");
    CHECK(form->check({}, use).isEmpty()); // it is not required
}

TEST_CASE("form: what no page could show is refused by the field's name")
{
    const auto properties = GENERATE(
        as<std::string>(), R"({"a":{"type":"number"}})", R"({"a":{"type":"string"}})",
        R"({"a":{"type":"string","x-mask":"--"}})", R"({"a":{"type":"string","enum":["one"]}})",
        R"({"a":{"type":"string","x-mask":"#","x-repeats":"b"}})",
        R"({"a":{"type":"string","x-mask":"#","minLength":"x"}})");
    const auto form = read(properties.c_str());
    REQUIRE_FALSE(form);
    CHECK(form.error().code == Errc::Invalid);
    CHECK(form.error().detail.starts_with("form.json: a: "));
}

TEST_CASE("form: a property that is required must be there")
{
    CHECK_FALSE(read(R"({"a":{"type":"string","x-mask":"#"}})", R"(["b"])"));
    CHECK_FALSE(read("{}"));
}

TEST_CASE("form: others see of a value what its form says, and never more")
{
    const auto form = *read(R"({"phone":{"type":"string","x-mask":"###","x-shown":"###****####"},)"
                            R"("card":{"type":"string","x-mask":"###","x-shown":"**** ##"},)"
                            R"("when":{"type":"string","enum":["am","pm"]}})");
    const auto shown = [&form](const char* name, const char* value) {
        return form.shown(QString::fromLatin1(name), QString::fromLatin1(value)).toStdString();
    };
    CHECK(shown("phone", "13911112222") == "139****2222");
    CHECK(shown("card", "123456") == "**** 56");
    CHECK(shown("when", "am") == "am");
    for (const auto* odd : {"", "1", "139111122223"}) {
        CHECK(shown("phone", odd) == "****");
    }
}

TEST_CASE("form: a form with a name has fields that exist, and what hides hides something")
{
    const auto named = [](const char* forms) {
        const auto text = QStringLiteral(R"({"properties":{"phone":{"type":"string","x-mask":"#",)"
                                         R"("x-shown":"*"}},"x-forms":%1})")
                              .arg(QString::fromLatin1(forms));
        return Form::read(QJsonDocument::fromJson(text.toUtf8()).object());
    };
    const auto form = named(R"({"number":["phone"]})");
    REQUIRE(form);
    CHECK(form->named().value(QStringLiteral("number")) == QStringList{kBoth[0]});
    for (const auto* odd : {R"({"number":["fax"]})", R"({"number":[]})", R"({"number":"phone"})",
                            R"({"number":[7]})", R"(["number"])"}) {
        CHECK(named(odd).error().code == Errc::Invalid);
    }
    CHECK_FALSE(read(R"({"phone":{"type":"string","x-mask":"#","x-shown":"###"}})"));
}

TEST_CASE("form: a task's own form keeps its name beside what all tasks have")
{
    const auto journey = loadJourney(QStringLiteral(":/journeys/phone-change"));
    REQUIRE(journey);
    CHECK(journey->form.id() == QLatin1String("phone-change"));
    CHECK(journey->form.version() == QLatin1String("1"));
    CHECK(journey->form.field(QStringLiteral("phone")) != nullptr);
    CHECK(journey->form.field(QStringLiteral("contactPhone")) != nullptr);
    CHECK(journey->form.named().contains(QStringLiteral("contact")));
}
