// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// Nobody is here: greeting, how many wait, touch to start. Touching anywhere starts.
class AttractView final : public PageView {
    Q_OBJECT

public:
    AttractView(const Page& page, const Theme& theme, QWidget* parent);

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void layOutWindow(const QRectF& place);
    void paintWindow(QPainter& painter) const;

    QRectF m_window;
    QRectF m_slip;
    std::vector<Lettering> m_slipTexts;
    bool m_touched = false;
};

} // namespace guichet::kiosk
