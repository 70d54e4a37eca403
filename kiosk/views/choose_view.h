// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// One question and its choices as cards that fill the page.
class ChooseView final : public PageView {
    Q_OBJECT

public:
    ChooseView(const Page& page, const Theme& theme, QWidget* parent);

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;
};

} // namespace guichet::kiosk
