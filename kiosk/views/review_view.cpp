// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/review_view.h"

#include <QPainter>

#include "kiosk/views/paper.h"

namespace guichet::kiosk {

ReviewView::ReviewView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
}

void ReviewView::layOut(const QRectF& area)
{
    const QRectF body = layOutFrame(area);
    const double pad = theme().px(48);
    const QRectF rows = body.adjusted(pad, pad * 0.6, -pad, -pad * 0.6);
    const double bottom = layOutFacts(rows, page().facts, true);
    m_sheet = QRectF(body.left(), body.top(), body.width(), bottom + pad * 0.6 - body.top());
}

void ReviewView::paintBody(QPainter& painter)
{
    paintPanel(painter, m_sheet, theme().colours().surface, theme().colours().line);
}

} // namespace guichet::kiosk
