// SPDX-License-Identifier: Apache-2.0
#include <QApplication>

#include <catch2/catch.hpp>

#include "kiosk/views/kiosk_window.h"
#include "kiosk/views/press_area.h"
#include "tests/e2e/pictures/journey_pages.h"
#include "tests/e2e/pictures/sample_pages.h"

using namespace guichet::kiosk;

namespace {

struct View {
    QString language;
    bool elder;
    bool contrast;
    QSize size;
};

QList<View> views()
{
    QList<View> all;
    for (const QSize size : {QSize(1080, 1920), QSize(1920, 1080)}) {
        for (const QString& language : {QStringLiteral("zh-CN"), QStringLiteral("en")}) {
            all.append({language, false, false, size});
            all.append({language, true, false, size});
            all.append({language, false, true, size});
        }
    }
    return all;
}

/// Calls `check` with a window on every sample page in every view, and with the view.
template <typename Check> void onEveryPage(Check check)
{
    for (const View& view : views()) {
        KioskWindow window;
        window.resize(view.size);
        Frame frame = test::sampleFrame(view.language, true);
        frame.elder = view.elder;
        frame.highContrast = view.contrast;
        window.setFrame(frame);
        window.show(); // what is not on a screen is not laid out
        for (const Page& page :
             test::samplePages(view.language) + test::journeyPages(view.language, view.elder)) {
            window.showPage(page);
            INFO(page.id.toStdString()
                 << ", " << view.language.toStdString() << (view.elder ? ", elder" : "") << ", "
                 << view.size.width() << " wide");
            check(window, view);
        }
    }
}

QRect faceIn(const KioskWindow& window, const PressArea& area)
{
    return {area.parentWidget()->mapTo(&window, area.face().topLeft()), area.face().size()};
}

QList<PressArea*> shown(const KioskWindow& window)
{
    QList<PressArea*> areas;
    const auto* const page = window.findChild<QWidget*>(QStringLiteral("page"));
    for (PressArea* area : window.findChildren<PressArea*>()) {
        if (!area->isHidden() &&
            (area->parentWidget() == &window || area->parentWidget() == page)) {
            areas.append(area);
        }
    }
    return areas;
}

} // namespace

TEST_CASE("views: no text of any page is cut", "[kiosk][views]")
{
    onEveryPage([](const KioskWindow& window, const View&) {
        CHECK(window.clippedTexts().join(QStringLiteral(" | ")).toStdString() == "");
    });
}

TEST_CASE("views: no text of any page is cut below a call, nor of the call", "[kiosk][views]")
{
    const bool picture = GENERATE(true, false);
    onEveryPage([&](KioskWindow& window, const View& view) {
        // Not yet: on a wide screen in English, a ticket or a drawn reader beside a call.
        const auto kind = window.page().kind;
        if (view.language == QLatin1String("en") && view.size.width() > view.size.height() &&
            (kind == PageKind::Print || kind == PageKind::PlaceDocument)) {
            return;
        }
        window.setCall(test::sampleCall(view.language, picture));
        CHECK(window.clippedTexts().join(QStringLiteral(" | ")).toStdString() == "");
    });
}

TEST_CASE("views: everything to press has a name and is large enough", "[kiosk][views]")
{
    onEveryPage([](const KioskWindow& window, const View& view) {
        for (const PressArea* area : shown(window)) {
            INFO(area->objectName().toStdString());
            CHECK_FALSE(area->accessibleName().isEmpty());
            CHECK(area->face().height() >= (view.elder ? 96 : 60));
            CHECK(area->face().width() >= (view.elder ? 96 : 60));
        }
    });
}

TEST_CASE("views: a screen reader is told what is painted", "[kiosk][views]")
{
    onEveryPage([](const KioskWindow& window, const View&) {
        const auto& page = window.page();
        const auto* const view = window.findChild<QWidget*>(QStringLiteral("page"));
        const auto said = view->accessibleDescription();
        CHECK(view->accessibleName() == page.title);
        QStringList painted{page.subtitle, page.live, page.liveAge};
        for (const Fact& fact : page.facts) {
            painted << fact.label << fact.value;
        }
        if (page.ticket) {
            painted << page.ticket->label << page.ticket->service << page.ticket->qrNote;
            for (const Fact& fact : page.ticket->facts) {
                painted << fact.label << fact.value;
            }
        }
        for (const QString& text : painted) {
            CHECK(said.contains(text));
        }
        CHECK(window.accessibleDescription().contains(window.frame().notices.first()));
    });
}

TEST_CASE("views: nothing to press overlaps or leaves the window", "[kiosk][views]")
{
    onEveryPage([](const KioskWindow& window, const View&) {
        const auto areas = shown(window);
        for (qsizetype i = 0; i < areas.size(); ++i) {
            const QRect one = faceIn(window, *areas[i]);
            INFO(areas[i]->objectName().toStdString());
            CHECK(window.rect().contains(one));
            for (qsizetype j = i + 1; j < areas.size(); ++j) {
                INFO(areas[j]->objectName().toStdString());
                CHECK_FALSE(one.adjusted(-4, -4, 4, 4).intersects(faceIn(window, *areas[j])));
            }
        }
    });
}

TEST_CASE("views: help stands at the same place on every page", "[kiosk][views]")
{
    for (const View& view : views()) {
        KioskWindow window;
        window.resize(view.size);
        Frame frame = test::sampleFrame(view.language, false);
        frame.elder = view.elder;
        window.setFrame(frame);
        QRect place;
        for (const Page& page : test::samplePages(view.language)) {
            frame.notices = page.trouble ? QList{page.title} : QList<QString>{};
            window.setFrame(frame);
            window.showPage(page);
            const auto* const help = window.findChild<QWidget*>(QStringLiteral("help"));
            REQUIRE(help != nullptr);
            CHECK(help->isHidden() != page.help);
            if (place.isNull()) {
                place = help->geometry();
            }
            CHECK(help->geometry() == place);
        }
    }
}
