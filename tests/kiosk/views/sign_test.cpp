// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <catch2/catch.hpp>

#include "kiosk/views/kiosk_window.h"
#include "kiosk/views/press_area.h"
#include "kiosk/views/sign_pad.h"
#include "tests/e2e/pictures/sample_pages.h"

using namespace guichet::kiosk;

namespace {

/// A window with a page to sign on.
class Desk {
public:
    Desk()
    {
        page.id = QStringLiteral("sign");
        page.kind = PageKind::Sign;
        page.title = QStringLiteral("Please sign");
        page.erase = QStringLiteral("Undo");
        page.clear = QStringLiteral("Clear");
        Choice primary;
        primary.event = QStringLiteral("signed");
        primary.title = QStringLiteral("Done");
        primary.emphasis = true;
        page.primary = primary;
        window.setFrame(test::sampleFrame(QStringLiteral("en"), false));
        window.setPressFilter(0);
        window.showPage(page);
        window.show();
        REQUIRE(QTest::qWaitForWindowExposed(&window));
    }
    SignPad& pad()
    {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // pads of before
        auto* const found = window.findChild<SignPad*>();
        REQUIRE(found != nullptr);
        return *found;
    }
    PressArea& area(const char* name)
    {
        auto* const found = window.findChild<PressArea*>(QString::fromLatin1(name));
        REQUIRE(found != nullptr);
        return *found;
    }
    void tap(const char* name)
    {
        QTest::mouseClick(&area(name), Qt::LeftButton, {}, area(name).rect().center());
    }
    /// A stroke across so much of the width.
    void draw(double part, double height = 0.5)
    {
        SignPad& paper = pad();
        const auto at = [&](double x) {
            return QPoint(static_cast<int>((0.2 + x) * paper.width()),
                          static_cast<int>(height * paper.height()));
        };
        QTest::mousePress(&paper, Qt::LeftButton, {}, at(0));
        for (int step = 1; step <= 10; ++step) {
            QTest::mouseMove(&paper, at(part * step / 10));
        }
        QTest::mouseRelease(&paper, Qt::LeftButton, {}, at(part));
    }

    Page page;
    KioskWindow window;
};

} // namespace

TEST_CASE("sign: the way on is open when something is written, not after a touch by mistake")
{
    Desk desk;
    CHECK_FALSE(desk.area("primary").isEnabled());
    desk.draw(0.02);
    CHECK_FALSE(desk.area("primary").isEnabled());
    desk.draw(0.5);
    CHECK(desk.area("primary").isEnabled());
}

TEST_CASE("sign: a stroke is taken back, or all of them")
{
    Desk desk;
    CHECK_FALSE(desk.area("key/undo").isEnabled());
    desk.draw(0.5, 0.4);
    desk.draw(0.5, 0.6);
    desk.tap("key/undo");
    CHECK(desk.area("primary").isEnabled());
    desk.tap("key/undo");
    CHECK(desk.pad().empty());
    CHECK_FALSE(desk.area("primary").isEnabled());
    desk.draw(0.5);
    desk.draw(0.4);
    desk.tap("key/clear");
    CHECK(desk.pad().empty());
}

TEST_CASE("sign: the picture is given right before the press, black on white")
{
    Desk desk;
    desk.draw(0.6);
    QByteArray png;
    QObject::connect(&desk.window, &KioskWindow::handwritten, &desk.window,
                     [&](const QByteArray& given) { png = given; });
    QSignalSpy pressed(&desk.window, &KioskWindow::intent);
    desk.tap("primary");
    REQUIRE(pressed.count() == 1);
    CHECK(pressed[0][0] == QStringLiteral("signed"));
    CHECK(pressed[0][1].toString().isEmpty()); // nothing of it goes into the journal
    const auto picture = QImage::fromData(png, "PNG");
    REQUIRE_FALSE(picture.isNull());
    CHECK(picture.pixelColor(0, 0) == QColor(Qt::white));
    CHECK(picture.pixelColor(picture.rect().center()).lightness() < 60);
    CHECK(picture.width() > 4 * picture.height());
}

TEST_CASE("sign: what is written stays under help, and is gone for the next customer")
{
    Desk desk;
    desk.draw(0.5);
    Page help;
    help.id = QStringLiteral("asked");
    help.kind = PageKind::Call;
    desk.window.showPage(help);
    desk.window.showPage(desk.page);
    CHECK(desk.pad().written());
    CHECK(desk.area("primary").isEnabled());
    desk.window.showPage({});
    desk.window.showPage(desk.page);
    CHECK(desk.pad().empty());
}

TEST_CASE("sign: what was given is not there for the next thing to sign or to write")
{
    Desk desk;
    desk.page.kind = GENERATE(PageKind::Sign, PageKind::Write);
    desk.window.showPage(desk.page);
    desk.draw(0.5);
    desk.tap("primary");
    Page task;
    task.id = QStringLiteral("task");
    task.kind = PageKind::Result;
    desk.window.showPage(task);
    desk.window.showPage(desk.page);
    CHECK(desk.pad().empty());
}

TEST_CASE("sign: a line that leaves the pad ends at its edge")
{
    Desk desk;
    desk.draw(2.0);
    SignPad& pad = desk.pad();
    const Theme theme;
    SignPad copy(theme, true, nullptr);
    copy.setStrokes(pad.strokes());
    CHECK(copy.written());
    for (const auto& number :
         pad.strokes().remove(QLatin1Char('[')).remove(QLatin1Char(']')).split(QLatin1Char(','))) {
        CHECK(number.toDouble() >= 0);
        CHECK(number.toDouble() <= 1);
    }
}
