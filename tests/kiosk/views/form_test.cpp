// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include <catch2/catch.hpp>

#include "kiosk/views/kiosk_window.h"
#include "kiosk/views/press_area.h"
#include "tests/e2e/pictures/sample_pages.h"

using namespace guichet::kiosk;

namespace {

FormField digits(const char* name)
{
    FormField field;
    field.name = QString::fromLatin1(name);
    field.label = field.name;
    field.mask = QStringLiteral("## ##");
    return field;
}

FormField use()
{
    FormField field;
    field.name = QStringLiteral("use");
    field.kind = FormField::Kind::Choice;
    field.label = QStringLiteral("What for");
    for (const auto* option : {"all", "some"}) {
        Choice choice;
        choice.value = QString::fromLatin1(option);
        choice.title = choice.value;
        field.options.append(choice);
    }
    return field;
}

/// A window with a form of two fields of four digits.
class Shown {
public:
    explicit Shown(QList<FormField> fields = {digits("one"), digits("two")})
    {
        page.id = QStringLiteral("number");
        page.kind = PageKind::Form;
        page.title = QStringLiteral("Your number");
        page.fields = std::move(fields);
        page.erase = QStringLiteral("Delete");
        page.clear = QStringLiteral("Clear");
        Choice primary;
        primary.event = QStringLiteral("number");
        primary.title = QStringLiteral("Go on");
        page.primary = primary;
        window.setFrame(test::sampleFrame(QStringLiteral("en"), false));
        window.setPressFilter(0);
        window.showPage(page);
        window.show();
        REQUIRE(QTest::qWaitForWindowExposed(&window));
    }
    void tap(const char* name)
    {
        auto* const area = window.findChild<PressArea*>(QString::fromLatin1(name));
        REQUIRE(area != nullptr);
        QTest::mouseClick(area, Qt::LeftButton, {}, area->rect().center());
    }
    void type(const char* keys)
    {
        for (const char* key = keys; *key != '\0'; ++key) {
            tap((std::string("key/") + *key).c_str());
        }
    }
    /// What the primary button says of a field.
    std::string said(const char* field)
    {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // views of before
        QSignalSpy spy(&window, &KioskWindow::intent);
        tap("primary");
        REQUIRE(spy.count() == 1);
        CHECK(spy[0][0] == QStringLiteral("number"));
        const auto values = QJsonDocument::fromJson(spy[0][1].toString().toUtf8()).object();
        return values.value(QLatin1String(field)).toString().toStdString();
    }

    Page page;
    KioskWindow window;
};

} // namespace

TEST_CASE("form view: a full field leads on to the next, and all are said")
{
    Shown form;
    form.type("48012345");
    CHECK(form.said("one") == "4801");
    CHECK(form.said("two") == "2345");
}

TEST_CASE("form view: the keys write into the field that was touched")
{
    Shown form;
    form.tap("field/two");
    form.type("12");
    CHECK(form.said("one").empty());
    CHECK(form.said("two") == "12");
    form.tap("key/erase");
    CHECK(form.said("two") == "1");
    form.tap("key/clear");
    CHECK(form.said("two").empty());
}

TEST_CASE("form view: what is wrong shows until the field is changed, and the keys go there")
{
    Shown form;
    form.type("48014802");
    form.page.fields[0].value = QStringLiteral("4801");
    form.page.fields[1].value = QStringLiteral("4802");
    form.page.fields[1].error = QStringLiteral("Not the same");
    form.window.showPage(form.page);
    const auto shows = [&] {
        return form.window.findChild<PressArea*>(QStringLiteral("field/two"))
            ->accessibleDescription()
            .toStdString();
    };
    CHECK(shows() == "Not the same");
    form.tap("key/erase");
    CHECK(shows().empty());
    form.type("1");
    CHECK(form.said("two") == "4801");
}

TEST_CASE(
    "form view: what is typed stays under help and on the way back, not for the next customer")
{
    Shown form;
    form.type("48");
    Page help;
    help.id = QStringLiteral("asked");
    help.kind = PageKind::Call;
    form.window.showPage(help);
    form.window.showPage(form.page);
    CHECK(form.said("one") == "48");
    form.window.showPage({});
    form.window.showPage(form.page);
    CHECK(form.said("one").empty());
}

TEST_CASE("form view: one option of a choice is taken")
{
    Shown form({use()});
    CHECK(form.said("use").empty());
    form.tap("field/use/all");
    CHECK(form.said("use") == "all");
    form.tap("field/use/some");
    CHECK(form.said("use") == "some");
}

TEST_CASE("form view: keys of a keyboard type too")
{
    Shown form;
    QTest::keyClicks(form.window.focusWidget(), QStringLiteral("4x8019"));
    CHECK(form.said("one") == "4801");
    CHECK(form.said("two") == "9");
}
