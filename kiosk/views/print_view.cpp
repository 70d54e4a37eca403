// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/print_view.h"

#include <QPainter>

#include "kiosk/views/icons.h"

namespace guichet::kiosk {

PrintView::PrintView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
}

void PrintView::layOut(const QRectF& area)
{
    const QRectF body = layOutFrame(area);
    if (page().ticket) {
        m_ticket = TicketPicture(*page().ticket, theme(), body);
        for (Lettering lettering : m_ticket.texts()) {
            write(std::move(lettering));
        }
        m_empty = {};
    } else {
        m_ticket = {};
        m_empty = body;
    }
}

void PrintView::paintBody(QPainter& painter)
{
    if (m_empty.isEmpty()) {
        m_ticket.paint(painter, theme());
        return;
    }
    paintPanel(painter, m_empty, theme().colours().surface, theme().colours().line);
    const double side = theme().px(280);
    drawIcon(painter, QStringLiteral("printer"),
             QRectF(m_empty.center() - QPointF(side / 2, side / 2), QSizeF(side, side)),
             theme().colours().jade);
}

} // namespace guichet::kiosk
