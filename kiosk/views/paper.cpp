// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/paper.h"

#include <QPainter>
#include <cmath>

#include "kiosk/views/theme.h"

namespace guichet::kiosk {

QPainterPath paperPath(const QRectF& place, double tooth, bool tornTop)
{
    const int count = std::max(3, static_cast<int>(std::lround(place.width() / tooth)));
    const double step = place.width() / count;
    const double bite = step * 0.56; // the rest of the step stays as a flat tooth
    const double flat = (step - bite) / 2;
    QPainterPath path(place.topLeft());
    if (tornTop) {
        for (int i = 0; i < count; ++i) {
            const double x = place.left() + i * step;
            path.lineTo(x + flat, place.top());
            path.arcTo(QRectF(x + flat, place.top() - bite / 2, bite, bite), 180, 180);
        }
    }
    path.lineTo(place.topRight());
    path.lineTo(place.bottomRight());
    for (int i = count - 1; i >= 0; --i) {
        const double x = place.left() + i * step;
        path.lineTo(x + step - flat, place.bottom());
        path.arcTo(QRectF(x + flat, place.bottom() - bite / 2, bite, bite), 0, 180);
    }
    path.lineTo(place.bottomLeft());
    path.closeSubpath();
    return path;
}

void paintPaper(QPainter& painter, const Theme& theme, const QPainterPath& paper)
{
    const Palette& colours = theme.colours();
    if (theme.highContrast()) {
        painter.setPen(QPen(colours.line, theme.border()));
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.shade);
        const QRectF box = paper.boundingRect();
        for (int i = 1; i <= 10; ++i) {
            const double grow = theme.px(3) * i;
            painter.drawRoundedRect(
                box.adjusted(-grow, -grow + theme.px(10), grow, grow + theme.px(6)), grow + 4,
                grow + 4);
        }
        painter.setPen(QPen(colours.line, 1));
    }
    painter.setBrush(colours.surface);
    painter.drawPath(paper);
}

} // namespace guichet::kiosk
