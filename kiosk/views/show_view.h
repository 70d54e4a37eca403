// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/live_picture.h"
#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// A document or the customer's own face, shown to a device: what the camera sees, or how to lay
/// the document down; and below it what to do now.
class ShowView final : public PageView {
    Q_OBJECT

public:
    ShowView(const Page& page, const Theme& theme, QWidget* parent);

    void showLive(const QImage& picture) override;
    void advise(const QString& what) override;

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;

private:
    [[nodiscard]] double adviceHeight(double width) const;

    LivePicture* m_picture = nullptr; ///< only where a camera looks
    QString m_advice;                 ///< the device's event
    QRectF m_panel;
    QRectF m_drawing;
    QRectF m_strip;
};

} // namespace guichet::kiosk
