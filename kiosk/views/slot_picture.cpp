// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/slot_picture.h"

#include <QPainter>

#include "kiosk/views/icons.h"
#include "kiosk/views/theme.h"

namespace guichet::kiosk {

namespace {

// The drawing's own units: 600 wide, 760 high.
constexpr QSizeF kSize(600, 760);
constexpr QRectF kReader(60, 20, 480, 250);
constexpr QRectF kSlot(120, 196, 360, 22);
constexpr QSizeF kCard(292, 463); // ID-1, short edge first
constexpr double kHeldTop = 268;
constexpr double kInsertedTop = 20;

void paintCard(QPainter& painter, const Theme& theme, const QRectF& card)
{
    const Palette& colours = theme.colours();
    const bool high = theme.highContrast();
    painter.setPen(high ? QPen(colours.line, 4) : QPen(Qt::NoPen));
    painter.setBrush(high ? colours.page : colours.jade);
    painter.drawRoundedRect(card, 22, 22);
    const QRectF chip(card.center().x() - 42, card.top() + 58, 84, 68);
    painter.setPen(QPen(high ? QColor(Qt::black) : QColor(0x9A, 0x7A, 0x3A), 3));
    painter.setBrush(high ? colours.jade : QColor(0xE9, 0xCF, 0x94));
    painter.drawRoundedRect(chip, 12, 12);
    painter.drawLine(QPointF(chip.left(), chip.center().y()),
                     QPointF(chip.left() + 28, chip.center().y()));
    painter.drawLine(QPointF(chip.right(), chip.center().y()),
                     QPointF(chip.right() - 28, chip.center().y()));
    painter.drawRoundedRect(chip.adjusted(28, 16, -28, -16), 5, 5);
    painter.setPen(
        QPen(high ? colours.line : QColor(255, 255, 255, 110), 8, Qt::SolidLine, Qt::RoundCap));
    const double bottom = card.bottom() - 52;
    painter.drawLine(QPointF(card.left() + 40, bottom), QPointF(card.left() + 150, bottom));
    painter.drawLine(QPointF(card.left() + 40, bottom - 34),
                     QPointF(card.right() - 40, bottom - 34));
}

} // namespace

void paintSlot(QPainter& painter, const Theme& theme, const QRectF& place, double inserted)
{
    const Palette& colours = theme.colours();
    const bool high = theme.highContrast();
    const double scale = std::min(place.width() / kSize.width(), place.height() / kSize.height());
    painter.save();
    painter.translate(place.center().x() - scale * kSize.width() / 2,
                      place.center().y() - scale * kSize.height() / 2);
    painter.scale(scale, scale);

    painter.setPen(QPen(colours.line, 4));
    painter.setBrush(high ? colours.page : QColor(0xF1, 0xED, 0xE5));
    painter.drawRoundedRect(kReader, 36, 36);
    painter.setPen(Qt::NoPen);
    painter.setBrush(high ? colours.line : colours.ink);
    painter.drawRoundedRect(kSlot, 11, 11);

    painter.save();
    painter.setClipRect(QRectF(0, kSlot.center().y(), kSize.width(), kSize.height()));
    const double top = kHeldTop + (kInsertedTop - kHeldTop) * inserted;
    paintCard(painter, theme, QRectF(QPointF((kSize.width() - kCard.width()) / 2, top), kCard));
    painter.restore();

    painter.setPen(Qt::NoPen);
    painter.setBrush(high ? colours.line : colours.ink);
    painter.drawRoundedRect(QRectF(kSlot.left(), kSlot.top(), kSlot.width(), 12), 6, 6);

    // Lamp: the reader waits.
    painter.setBrush(colours.jade);
    painter.drawRoundedRect(QRectF(kReader.center().x() - 70, kReader.top() + 62, 140, 12), 6, 6);

    QPen arrow(colours.jade, 12, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(arrow);
    painter.setBrush(Qt::NoBrush);
    for (const double x : {76.0, kSize.width() - 76.0}) {
        for (const double y : {420.0, 470.0}) {
            painter.drawPolyline(QPolygonF({{x - 34, y + 34}, {x, y}, {x + 34, y + 34}}));
        }
    }
    painter.restore();
}

} // namespace guichet::kiosk
