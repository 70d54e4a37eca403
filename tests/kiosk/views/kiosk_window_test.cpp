// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/kiosk_window.h"

#include <QSignalSpy>
#include <QTest>
#include <set>

#include <catch2/catch.hpp>

#include "kiosk/views/live_picture.h"
#include "kiosk/views/press_area.h"
#include "tests/e2e/pictures/sample_pages.h"

using namespace guichet::kiosk;

namespace {

Page sample(const char* id)
{
    for (const Page& page : test::samplePages(QStringLiteral("en"))) {
        if (page.id == QLatin1String(id)) {
            return page;
        }
    }
    FAIL("no sample page " << id);
    return {};
}

class Fixture {
public:
    explicit Fixture(const char* id)
    {
        window.setFrame(test::sampleFrame(QStringLiteral("en"), false));
        window.showPage(sample(id));
        window.show();
        REQUIRE(QTest::qWaitForWindowExposed(&window));
    }
    PressArea& find(const char* name)
    {
        auto* const area = window.findChild<PressArea*>(QLatin1String(name));
        REQUIRE(area != nullptr);
        return *area;
    }
    void tap(const char* name)
    {
        PressArea& area = find(name);
        QTest::mouseClick(&area, Qt::LeftButton, {}, area.rect().center());
    }

    KioskWindow window;
};

} // namespace

TEST_CASE("window: a tap on a card says its event and value once", "[kiosk][views]")
{
    Fixture f("service");
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    f.tap("choice/service/wealth");
    REQUIRE(spy.count() == 1);
    CHECK(spy[0][0].toString() == QStringLiteral("service"));
    CHECK(spy[0][1].toString() == QStringLiteral("wealth"));
}

TEST_CASE("window: the second tap of a double tap is not heard", "[kiosk][views]")
{
    Fixture f("service");
    f.window.setPressFilter(60000);
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    f.tap("choice/service/wealth");
    f.tap("choice/service/wealth");
    f.window.showPage(sample("review"));
    f.tap("primary");
    CHECK(spy.count() == 1);
}

TEST_CASE("window: a press acts on release, and not outside", "[kiosk][views]")
{
    Fixture f("review");
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    PressArea& primary = f.find("primary");
    QTest::mousePress(&primary, Qt::LeftButton, {}, primary.rect().center());
    CHECK(spy.count() == 0);
    QTest::mouseMove(&primary, {-200, -200});
    QTest::mouseRelease(&primary, Qt::LeftButton, {}, {-200, -200});
    CHECK(spy.count() == 0);
    f.tap("primary");
    CHECK(spy.count() == 1);
}

TEST_CASE("window: a disabled choice is not heard", "[kiosk][views]")
{
    Fixture f("home-odd");
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    f.tap("choice/go/card");
    CHECK(spy.count() == 0);
}

TEST_CASE("window: the frame's buttons say what they are", "[kiosk][views]")
{
    Fixture f("review");
    f.window.setPressFilter(0);
    QSignalSpy spy(&f.window, &KioskWindow::frameIntent);
    for (const char* what : {"language", "elder", "contrast", "help"}) {
        f.tap(what);
        REQUIRE_FALSE(spy.isEmpty());
        CHECK(spy.takeLast()[0].toString() == QLatin1String(what));
        CHECK(spy.isEmpty());
    }
}

TEST_CASE("window: a touch just beside a button of the attract page starts nothing",
          "[kiosk][views]")
{
    Page page = sample("attract");
    page.choices = {Choice{.event = QStringLiteral("code"),
                           .value = {},
                           .title = QStringLiteral("I have a code"),
                           .note = {},
                           .icon = {}}};
    Fixture f("attract");
    f.window.showPage(page);
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    const auto& button = f.find("choice/code/");
    const auto inRing = QPoint(button.rect().center().x(), 1);
    QTest::mouseClick(f.window.findChild<QWidget*>(QStringLiteral("page")), Qt::LeftButton, {},
                      button.mapToParent(inRing));
    CHECK(spy.count() == 0);
    f.tap("choice/code/");
    CHECK(spy.count() == 1);
}

TEST_CASE("window: touching the attract page anywhere starts", "[kiosk][views]")
{
    Fixture f("attract");
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    auto* const page = f.window.findChild<QWidget*>(QStringLiteral("page"));
    REQUIRE(page != nullptr);
    QTest::mouseClick(page, Qt::LeftButton, {}, {500, 500});
    REQUIRE(spy.count() == 1);
    CHECK(spy[0][0].toString() == QStringLiteral("start"));
}

TEST_CASE("window: the Tab key reaches everything and comes round", "[kiosk][views]")
{
    Fixture f("review");
    std::set<QString> reached;
    for (int i = 0; i < 20; ++i) {
        REQUIRE(f.window.focusWidget() != nullptr);
        reached.insert(f.window.focusWidget()->objectName());
        QTest::keyClick(f.window.focusWidget(), Qt::Key_Tab);
    }
    const std::set<QString> all{QStringLiteral("primary"),  QStringLiteral("choice/change/service"),
                                QStringLiteral("back"),     QStringLiteral("help"),
                                QStringLiteral("language"), QStringLiteral("elder"),
                                QStringLiteral("contrast")};
    CHECK(reached == all);
}

TEST_CASE("window: arrows move and Enter presses", "[kiosk][views]")
{
    Fixture f("service");
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    QTest::keyClick(f.window.focusWidget(), Qt::Key_Down);
    QTest::keyClick(f.window.focusWidget(), Qt::Key_Down);
    QTest::keyClick(f.window.focusWidget(), Qt::Key_Up);
    QTest::keyClick(f.window.focusWidget(), Qt::Key_Return);
    REQUIRE(spy.count() == 1);
    CHECK(spy[0][1].toString() == QStringLiteral("account"));
}

TEST_CASE("window: a refresh keeps the button under the finger", "[kiosk][views]")
{
    Fixture f("service");
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    PressArea& cash = f.find("choice/service/cash");
    QTest::mousePress(&cash, Qt::LeftButton, {}, cash.rect().center());
    Page fresh = sample("service");
    fresh.live = QStringLiteral("8 people waiting");
    fresh.choices[0].note = QStringLiteral("about 15 minutes");
    f.window.showPage(fresh);
    CHECK(&f.find("choice/service/cash") == &cash);
    CHECK(cash.accessibleDescription() == fresh.choices[0].note);
    QTest::mouseRelease(&cash, Qt::LeftButton, {}, cash.rect().center());
    CHECK(spy.count() == 1);
}

TEST_CASE("window: any touch or key counts as activity, after what it pressed", "[kiosk][views]")
{
    Fixture f("review");
    QStringList heard;
    QObject::connect(&f.window, &KioskWindow::activity,
                     [&] { heard += QStringLiteral("activity"); });
    QObject::connect(&f.window, &KioskWindow::intent,
                     [&](const QString& event) { heard += event; });
    const auto hears = [&](const QStringList& expected) {
        QCoreApplication::processEvents();
        return std::exchange(heard, {}) == expected;
    };
    auto* const page = f.window.findChild<QWidget*>(QStringLiteral("page"));
    QTest::mouseClick(page, Qt::LeftButton, {}, {3, 3});
    CHECK(hears({QStringLiteral("activity")}));
    QTest::keyClick(f.window.focusWidget(), Qt::Key_Tab);
    CHECK(hears({QStringLiteral("activity")}));
    auto& primary = f.find("primary");
    QTest::mouseClick(&primary, Qt::LeftButton, {}, primary.rect().center());
    CHECK(hears({QStringLiteral("confirm"), QStringLiteral("activity")}));
}

TEST_CASE("window: the first frame is told once", "[kiosk][views]")
{
    KioskWindow window;
    QSignalSpy spy(&window, &KioskWindow::firstFrame);
    window.showPage(sample("attract"));
    window.show();
    REQUIRE(QTest::qWaitFor([&] { return spy.count() > 0; }, 5000));
    window.repaint();
    QCoreApplication::processEvents();
    CHECK(spy.count() == 1);
}

TEST_CASE("window: a page change with its slide ends on the new page", "[kiosk][views]")
{
    Fixture f("service");
    Frame frame = f.window.frame();
    frame.reducedMotion = false;
    f.window.setFrame(frame);
    f.window.showPage(sample("review"));
    CHECK(f.window.page().id == QStringLiteral("review"));
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    f.tap("primary");
    CHECK(spy.count() == 1);
}

TEST_CASE("window: only the page that shows the camera's picture asks for it", "[kiosk][views]")
{
    Fixture f("service");
    QSignalSpy spy(&f.window, &KioskWindow::livePictureWanted);
    f.window.showPage(sample("scan-code"));
    f.window.showPage(sample("review"));
    REQUIRE(spy.count() == 2);
    CHECK(spy[0][0].toBool());
    CHECK_FALSE(spy[1][0].toBool());
}

TEST_CASE("window: the camera's picture is shown while there is one", "[kiosk][views]")
{
    Fixture f("scan-code");
    auto* const picture = f.window.findChild<LivePicture*>(QStringLiteral("livePicture"));
    REQUIRE(picture != nullptr);
    CHECK_FALSE(picture->live());
    QImage seen(64, 36, QImage::Format_RGB32);
    seen.fill(Qt::red);
    f.window.setLivePicture(seen);
    CHECK(picture->live());
    const auto middle = picture->rect().center();
    CHECK(picture->grab().toImage().pixelColor(middle) == QColor(Qt::red));
    f.window.setLivePicture({});
    CHECK_FALSE(picture->live());
    CHECK(picture->grab().toImage().pixelColor(middle) != QColor(Qt::red));
}

TEST_CASE("window: a mirrored picture has left and right exchanged", "[kiosk][views]")
{
    Fixture f("scan-code");
    auto* const picture = f.window.findChild<LivePicture*>(QStringLiteral("livePicture"));
    REQUIRE(picture != nullptr);
    QImage seen(64, 36, QImage::Format_RGB32);
    seen.fill(Qt::red);
    for (int y = 0; y < seen.height(); ++y) {
        for (int x = 0; x < seen.width() / 2; ++x) {
            seen.setPixelColor(x, y, Qt::blue);
        }
    }
    f.window.setLivePicture(seen);
    const auto inside = picture->rect().center() - QPoint(picture->width() / 8, 0);
    CHECK(picture->grab().toImage().pixelColor(inside) == QColor(Qt::blue));
    picture->setMirrored(true);
    CHECK(picture->grab().toImage().pixelColor(inside) == QColor(Qt::red));
}

TEST_CASE("window: a call stands above the page, and both can be pressed", "[kiosk][views]")
{
    Fixture f("review");
    f.window.setPressFilter(0);
    f.window.setCall(test::sampleCall(QStringLiteral("en"), true));
    QSignalSpy spy(&f.window, &KioskWindow::intent);
    f.tap("call/assistSay/Yes");
    f.tap("call/assistEnd/");
    f.tap("primary");
    REQUIRE(spy.count() == 3);
    CHECK(spy[0][0].toString() == QStringLiteral("assistSay"));
    CHECK(spy[0][1].toString() == QStringLiteral("Yes"));
    CHECK(spy[1][0].toString() == QStringLiteral("assistEnd"));
    CHECK(spy[2][0].toString() == sample("review").primary->event);
}

TEST_CASE("window: what staff point at is marked, and nothing else", "[kiosk][views]")
{
    Fixture f("service");
    auto* const mark = f.window.findChild<QWidget*>(QStringLiteral("pointerMark"));
    REQUIRE(mark != nullptr);
    f.window.pointAt({.element = QStringLiteral("choice-1"), .place = {}});
    CHECK_FALSE(mark->isVisible()); // nobody is there
    f.window.setCall(test::sampleCall(QStringLiteral("en"), true));
    const auto& card =
        f.find(qPrintable(QStringLiteral("choice/service/") + f.window.page().choices.at(1).value));
    const QRect face(card.mapTo(&f.window, QPoint()), card.size());
    CHECK(mark->isVisible());
    CHECK(mark->geometry().contains(
        card.face().translated(card.parentWidget()->mapTo(&f.window, QPoint()))));
    CHECK(mark->geometry().intersects(face));
    CHECK(f.window.childAt(face.center()) != mark); // a finger goes through it

    SECTION("a place on the page")
    {
        f.window.pointAt({.element = {}, .place = QPointF(0.5, 0.5)});
        const auto* const page = f.window.findChild<QWidget*>(QStringLiteral("page"));
        CHECK((mark->geometry().center() - page->geometry().center()).manhattanLength() < 4);
    }
    SECTION("what the page does not have")
    {
        const auto* const element = GENERATE("choice-99", "choice--1", "fact-0", "title", "");
        f.window.pointAt({.element = QLatin1String(element), .place = {}});
        CHECK_FALSE(mark->isVisible());
    }
    SECTION("the page is another")
    {
        f.window.showPage(sample("review"));
        CHECK_FALSE(mark->isVisible());
        f.window.pointAt({.element = QStringLiteral("fact-0"), .place = {}});
        CHECK(mark->isVisible());
    }
    SECTION("staff are gone")
    {
        f.window.setCall(std::nullopt);
        CHECK_FALSE(mark->isVisible());
    }
}

TEST_CASE("window: help is not offered while it is there", "[kiosk][views]")
{
    Fixture f("review");
    CHECK_FALSE(f.find("help").isHidden());
    f.window.setCall(test::sampleCall(QStringLiteral("en"), false));
    CHECK(f.find("help").isHidden());
    f.window.setCall(std::nullopt);
    CHECK_FALSE(f.find("help").isHidden());
}

TEST_CASE("window: new words of staff do not move the keyboard's focus", "[kiosk][views]")
{
    Fixture f("review");
    auto call = test::sampleCall(QStringLiteral("en"), false);
    f.window.setCall(call);
    f.find("back").setFocus();
    call.caption = QStringLiteral("And now press Confirm.");
    f.window.setCall(call);
    CHECK(f.window.focusWidget() == &f.find("back"));
}

TEST_CASE("window: the camera's picture is wanted as long as the customer is seen",
          "[kiosk][views]")
{
    Fixture f("review");
    QSignalSpy spy(&f.window, &KioskWindow::livePictureWanted);
    f.window.setCall(test::sampleCall(QStringLiteral("en"), false));
    CHECK(spy.isEmpty());
    f.window.setCall(test::sampleCall(QStringLiteral("en"), true));
    REQUIRE(spy.count() == 1);
    CHECK(spy[0][0].toBool());
    f.window.setCall(std::nullopt);
    REQUIRE(spy.count() == 2);
    CHECK_FALSE(spy[1][0].toBool());
}
