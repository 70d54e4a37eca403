// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/page_view.h"
#include "kiosk/views/ticket_picture.h"

namespace guichet::kiosk {

/// The ticket as it will be printed, and how far it is.
class PrintView final : public PageView {
    Q_OBJECT

public:
    PrintView(const Page& page, const Theme& theme, QWidget* parent);

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;

private:
    TicketPicture m_ticket;
    QRectF m_empty;
};

} // namespace guichet::kiosk
