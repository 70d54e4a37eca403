// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/pointer_mark.h"

#include <QPainter>

namespace guichet::kiosk {

namespace {

constexpr double kThick = 10;
constexpr double kDot = 64;

} // namespace

PointerMark::PointerMark(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("pointerMark"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void PointerMark::frame(const QRect& face)
{
    const int room = 2 * m_theme.px(kThick);
    put(face.adjusted(-room, -room, room, room), false);
}

void PointerMark::dot(const QPoint& place)
{
    const int side = m_theme.px(kDot);
    QRect around(0, 0, side, side);
    around.moveCenter(place);
    put(around, true);
}

void PointerMark::put(const QRect& place, bool round)
{
    m_round = round;
    setGeometry(place);
    raise();
    show();
    update();
}

/// The page's ground on both sides of the line: it stands out on a card, a panel and a button.
void PointerMark::paintEvent(QPaintEvent* /*event*/)
{
    const Palette& colours = m_theme.colours();
    const double thick = m_theme.px(kThick);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto stroke = [&](const QColor& colour, double width) {
        painter.setPen(QPen(colour, width));
        const double inset = thick;
        const QRectF line = QRectF(rect()).adjusted(inset, inset, -inset, -inset);
        if (m_round) {
            painter.drawEllipse(line);
        } else {
            painter.drawRoundedRect(line, m_theme.radius(), m_theme.radius());
        }
    };
    stroke(colours.page, thick * 1.8);
    stroke(colours.red, thick);
}

} // namespace guichet::kiosk
