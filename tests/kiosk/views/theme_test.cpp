// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/theme.h"

#include <QImage>
#include <QPainter>

#include <catch2/catch.hpp>

#include "kiosk/views/icons.h"
#include "kiosk/views/qr_picture.h"

using namespace guichet::kiosk;

TEST_CASE("theme: text keeps its contrast on every ground it stands on", "[kiosk][views]")
{
    const bool high = GENERATE(false, true);
    const Palette& c = palette(high);
    const double least = high ? 7.0 : 4.5;
    CHECK(contrastRatio(c.ink, c.page) >= least);
    CHECK(contrastRatio(c.ink, c.surface) >= least);
    CHECK(contrastRatio(c.muted, c.page) >= least);
    CHECK(contrastRatio(c.muted, c.surface) >= least);
    CHECK(contrastRatio(c.jade, c.page) >= least);
    CHECK(contrastRatio(c.jade, c.surface) >= least);
    CHECK(contrastRatio(c.onJade, c.jade) >= least);
    CHECK(contrastRatio(c.jade, c.jadeTint) >= least);
    CHECK(contrastRatio(c.amberInk, c.amberGround) >= least);
    CHECK(contrastRatio(c.red, c.page) >= least);
    CHECK(contrastRatio(c.red, c.redTint) >= least);
    CHECK(contrastRatio(c.page, c.ink) >= least);
}

TEST_CASE("theme: the focus ring stands out from page and cards", "[kiosk][views]")
{
    const Palette& c = palette(GENERATE(false, true));
    CHECK(contrastRatio(c.focus, c.page) >= 3.0);
    CHECK(contrastRatio(c.focus, c.surface) >= 3.0);
}

TEST_CASE("theme: black on white is 21 to 1", "[kiosk][views]")
{
    CHECK(contrastRatio(Qt::black, Qt::white) == Approx(21.0));
    CHECK(contrastRatio(Qt::white, Qt::white) == Approx(1.0));
}

TEST_CASE("icons: every name draws something", "[kiosk][views]")
{
    for (const QString& name : iconNames()) {
        INFO(name.toStdString());
        QImage image(48, 48, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        drawIcon(painter, name, QRectF(0, 0, 48, 48), Qt::black);
        painter.end();
        int inked = 0;
        for (int y = 0; y < 48; ++y) {
            for (int x = 0; x < 48; ++x) {
                inked += qAlpha(image.pixel(x, y)) > 128 ? 1 : 0;
            }
        }
        CHECK(inked > 60);
    }
}

TEST_CASE("qr: a code has its quiet zone and a finder in the corner", "[kiosk][views]")
{
    const QImage code = qrPicture(QStringLiteral("https://outlet.example/t/1"));
    REQUIRE(code.width() >= 21 + 8);
    CHECK(code.pixelColor(3, 3) == QColor(Qt::white));
    CHECK(code.pixelColor(4, 4) == QColor(Qt::black));
    CHECK(code.pixelColor(5, 5) == QColor(Qt::white));
}

TEST_CASE("qr: text that no code can hold gives no picture", "[kiosk][views]")
{
    CHECK(qrPicture(QString()).isNull());
    CHECK(qrPicture(QString(4000, QLatin1Char('x'))).isNull());
}
