// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// One thing to say, large: done, not done, somebody is coming, time is nearly up.
class MessageView final : public PageView {
    Q_OBJECT

public:
    MessageView(const Page& page, const Theme& theme, QWidget* parent);

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;

private:
    [[nodiscard]] QString figure() const;

    QRectF m_panel;
    QRectF m_disc;
};

} // namespace guichet::kiosk
