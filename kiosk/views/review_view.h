// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// Facts to confirm, as rows on a sheet of paper.
class ReviewView final : public PageView {
    Q_OBJECT

public:
    ReviewView(const Page& page, const Theme& theme, QWidget* parent);

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;

private:
    QRectF m_sheet;
};

} // namespace guichet::kiosk
