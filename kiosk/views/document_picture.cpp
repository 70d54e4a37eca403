// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/document_picture.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>

#include "kiosk/views/theme.h"

namespace guichet::kiosk {

namespace {

// The drawing's own units: 640 wide, 700 high.
constexpr QSizeF kSize(640, 700);
constexpr QRectF kReader(40, 330, 560, 340);
constexpr QRectF kCard(120, 30, 400, 252); // ID-1

void paintCard(QPainter& painter, const Theme& theme)
{
    const Palette& colours = theme.colours();
    const bool high = theme.highContrast();
    painter.setPen(high ? QPen(colours.line, 4) : QPen(Qt::NoPen));
    painter.setBrush(high ? colours.page : colours.jade);
    painter.drawRoundedRect(kCard, 22, 22);
    painter.setPen(
        QPen(high ? colours.line : QColor(255, 255, 255, 150), 9, Qt::SolidLine, Qt::RoundCap));
    for (const double y : {70.0, 112.0, 154.0}) {
        const double width = y > 150 ? 120 : 170;
        painter.drawLine(QPointF(kCard.left() + 36, kCard.top() + y),
                         QPointF(kCard.left() + 36 + width, kCard.top() + y));
    }
    const QRectF photo(kCard.right() - 150, kCard.top() + 44, 114, 144);
    painter.setPen(high ? QPen(colours.line, 4) : QPen(Qt::NoPen));
    painter.setBrush(high ? colours.page : QColor(0xDC, 0xEC, 0xE6));
    painter.drawRoundedRect(photo, 12, 12);
    painter.setPen(Qt::NoPen);
    painter.setBrush(high ? colours.line : colours.jade);
    painter.drawEllipse(photo.center() - QPointF(0, 20), 26, 28);
    painter.setClipRect(photo);
    painter.drawEllipse(photo.center() + QPointF(0, 74), 48, 54);
    painter.setClipping(false);
}

} // namespace

void paintDocument(QPainter& painter, const Theme& theme, const QRectF& place)
{
    const Palette& colours = theme.colours();
    const bool high = theme.highContrast();
    const double scale = std::min(place.width() / kSize.width(), place.height() / kSize.height());
    if (scale <= 0) {
        return;
    }
    painter.save();
    painter.translate(place.center().x() - scale * kSize.width() / 2,
                      place.center().y() - scale * kSize.height() / 2);
    painter.scale(scale, scale);

    painter.setPen(QPen(colours.line, 4));
    painter.setBrush(high ? colours.page : QColor(0xF1, 0xED, 0xE5));
    painter.drawRoundedRect(kReader, 36, 36);
    const QRectF field = kCard.translated(0, kReader.center().y() - kCard.center().y());
    painter.setPen(QPen(high ? colours.line : colours.muted, 4, Qt::DashLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(field, 22, 22);
    paintCard(painter, theme);

    // Down onto the plate.
    painter.setPen(QPen(colours.jade, 12, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    for (const double x : {64.0, kSize.width() - 64.0}) {
        for (const double y : {200.0, 250.0}) {
            painter.drawPolyline(QPolygonF({{x - 30, y - 30}, {x, y}, {x + 30, y - 30}}));
        }
    }
    painter.restore();
}

} // namespace guichet::kiosk
