// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTimer>

#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// How to put the card in: a moving picture of the slot, and the way without a card.
class InsertCardView final : public PageView {
    Q_OBJECT

public:
    InsertCardView(const Page& page, const Theme& theme, QWidget* parent);

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;

private:
    void move();

    QRectF m_panel;
    QRectF m_picture;
    QTimer m_gliding;
    int m_step = 0;
};

} // namespace guichet::kiosk
