// SPDX-License-Identifier: Apache-2.0
#include <QSignalSpy>
#include <QTest>

#include <catch2/catch.hpp>

#include "kiosk/views/kiosk_window.h"
#include "kiosk/views/live_picture.h"
#include "kiosk/views/page_view.h"
#include "tests/e2e/pictures/sample_pages.h"

using namespace guichet::kiosk;

namespace {

Page facePage()
{
    Page page;
    page.id = QStringLiteral("face");
    page.kind = PageKind::LookAtCamera;
    page.title = QStringLiteral("Look at the camera");
    page.advice = {{QStringLiteral("comeCloser"), QStringLiteral("A little closer, please")},
                   {QStringLiteral("showFace"), QStringLiteral("Look at the camera, please")}};
    return page;
}

class Terminal {
public:
    Terminal()
    {
        window.setFrame(test::sampleFrame(QStringLiteral("en"), false));
        window.show();
        REQUIRE(QTest::qWaitForWindowExposed(&window));
    }
    [[nodiscard]] std::string said() const
    {
        return window.findChild<PageView*>(QStringLiteral("page"))
            ->accessibleDescription()
            .toStdString();
    }
    KioskWindow window;
};

} // namespace

TEST_CASE("show: a page with a face, or a document before the camera, wants its picture")
{
    Terminal terminal;
    QSignalSpy wanted(&terminal.window, &KioskWindow::livePictureWanted);
    Page document;
    document.id = QStringLiteral("document");
    document.kind = PageKind::PlaceDocument;
    terminal.window.showPage(document);
    CHECK(wanted.isEmpty());
    CHECK(terminal.window.findChild<LivePicture*>() == nullptr);
    document.id = QStringLiteral("zone");
    document.camera = true;
    terminal.window.showPage(document);
    terminal.window.showPage(facePage());
    REQUIRE(wanted.count() == 1);
    CHECK(wanted[0][0].toBool());
    terminal.window.showPage({});
    REQUIRE(wanted.count() == 2);
    CHECK_FALSE(wanted[1][0].toBool());
}

TEST_CASE("show: advice is shown and said, also on a page that came after it")
{
    Terminal terminal;
    terminal.window.showPage(facePage());
    terminal.window.setAdvice(QStringLiteral("comeCloser"));
    CHECK(terminal.said() == "A little closer, please");
    terminal.window.setAdvice(QStringLiteral("showFace"));
    CHECK(terminal.said() == "Look at the camera, please");
}

TEST_CASE("show: an outline of a face is higher than wide, one of a document is not")
{
    const Theme theme;
    LivePicture picture(theme, nullptr);
    picture.resize(900, 1000);
    picture.setTarget(LivePicture::Target::Face);
    CHECK(picture.target().height() > 1.2 * picture.target().width());
    CHECK(QRectF(picture.rect()).contains(picture.target()));
    picture.resize(900, 600);
    picture.setTarget(LivePicture::Target::Document);
    CHECK(picture.target().width() > 1.3 * picture.target().height());
    CHECK(QRectF(picture.rect()).contains(picture.target()));
}
