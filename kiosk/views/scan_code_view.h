// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/live_picture.h"
#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// Hold a code before the camera: what it sees, hints, and the way for who types the code.
class ScanCodeView final : public PageView {
    Q_OBJECT

public:
    ScanCodeView(const Page& page, const Theme& theme, QWidget* parent);

    void showLive(const QImage& picture) override;

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;

private:
    QRectF m_panel;
    LivePicture* m_picture;
};

} // namespace guichet::kiosk
