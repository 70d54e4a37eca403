// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <catch2/catch.hpp>

#include "kiosk/views/digit_field.h"
#include "kiosk/views/kiosk_window.h"
#include "kiosk/views/press_area.h"
#include "tests/e2e/pictures/sample_pages.h"

using namespace guichet::kiosk;

namespace {

/// A window that asks for four digits, "## ##".
class Keypad {
public:
    explicit Keypad(const QString& typed = {})
    {
        page.id = QStringLiteral("digits");
        page.kind = PageKind::Keypad;
        page.title = QStringLiteral("Please type the digits");
        page.mask = QStringLiteral("## ##");
        page.erase = QStringLiteral("Delete");
        page.clear = QStringLiteral("Clear");
        page.typed = typed;
        page.primary = Choice{.event = QStringLiteral("digits"),
                              .value = {},
                              .title = QStringLiteral("Go on"),
                              .note = {},
                              .icon = {}};
        window.setFrame(test::sampleFrame(QStringLiteral("en"), false));
        window.setPressFilter(0);
        window.showPage(page);
        window.show();
        REQUIRE(QTest::qWaitForWindowExposed(&window));
    }
    PressArea& find(const QString& name)
    {
        auto* const area = window.findChild<PressArea*>(name);
        REQUIRE(area != nullptr);
        return *area;
    }
    void tap(const QString& name)
    {
        PressArea& area = find(name);
        QTest::mouseClick(&area, Qt::LeftButton, {}, area.rect().center());
    }
    void type(const char* digits)
    {
        for (const char* digit = digits; *digit != '\0'; ++digit) {
            tap(QStringLiteral("key/") + QLatin1Char(*digit));
        }
    }
    [[nodiscard]] std::string digits() const
    {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // views of before
        return window.findChild<DigitField*>()->digits().toStdString();
    }
    [[nodiscard]] bool canGoOn() { return find(QStringLiteral("primary")).isEnabled(); }

    Page page;
    KioskWindow window;
};

} // namespace

TEST_CASE("keypad: the way on is open when every place is filled, and says the digits")
{
    Keypad keypad;
    QSignalSpy spy(&keypad.window, &KioskWindow::intent);
    keypad.type("480");
    CHECK_FALSE(keypad.canGoOn());
    keypad.type("1");
    REQUIRE(keypad.canGoOn());
    keypad.tap(QStringLiteral("primary"));
    REQUIRE(spy.count() == 1);
    CHECK(spy[0][0] == QStringLiteral("digits"));
    CHECK(spy[0][1] == QStringLiteral("4801"));
}

TEST_CASE("keypad: a digit too many is left out, and the last one can be taken back")
{
    Keypad keypad;
    keypad.type("48015");
    CHECK(keypad.digits() == "4801");
    keypad.tap(QStringLiteral("key/erase"));
    CHECK(keypad.digits() == "480");
    CHECK_FALSE(keypad.canGoOn());
}

TEST_CASE("keypad: a number that was wrong is cleared with one press")
{
    Keypad keypad;
    keypad.type("4801");
    keypad.tap(QStringLiteral("key/clear"));
    CHECK(keypad.digits().empty());
    CHECK_FALSE(keypad.canGoOn());
    keypad.type("12");
    CHECK(keypad.digits() == "12");
}

TEST_CASE("keypad: keys of a keyboard type too")
{
    Keypad keypad;
    QTest::keyClicks(keypad.window.focusWidget(), QStringLiteral("4x801"));
    CHECK(keypad.digits() == "4801");
    QTest::keyClick(keypad.window.focusWidget(), Qt::Key_Backspace);
    CHECK(keypad.digits() == "480");
}

TEST_CASE("keypad: digits stay while the page is told anew and the print grows")
{
    Keypad keypad;
    keypad.type("48");
    keypad.page.subtitle = QStringLiteral("Below the code.");
    keypad.window.showPage(keypad.page);
    CHECK(keypad.digits() == "48");
    auto frame = keypad.window.frame();
    frame.elder = true;
    keypad.window.setFrame(frame);
    CHECK(keypad.digits() == "48");
}

TEST_CASE("keypad: digits stay while help lies above them, and are gone for the next customer")
{
    Keypad keypad;
    keypad.type("48");
    Page help;
    help.id = QStringLiteral("asked");
    help.kind = PageKind::Call;
    keypad.window.showPage(help);
    keypad.window.showPage(keypad.page);
    CHECK(keypad.digits() == "48");
    keypad.window.showPage({});
    keypad.window.showPage(keypad.page);
    CHECK(keypad.digits().empty());
}

TEST_CASE("keypad: digits of an earlier try are there, and are said one by one")
{
    Keypad keypad(QStringLiteral("48 01"));
    CHECK(keypad.digits() == "4801");
    CHECK(keypad.canGoOn());
    CHECK(keypad.window.findChild<DigitField*>()->accessibleName() == QStringLiteral("4 8 0 1"));
}
