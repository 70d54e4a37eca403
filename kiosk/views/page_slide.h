// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPixmap>
#include <QVariantAnimation>
#include <QWidget>

namespace guichet::kiosk {

/// Two photographs of pages, the new one sliding over the old one in 200 ms. It covers the real
/// page while it moves and lets touches through to it.
class PageSlide final : public QWidget {
    Q_OBJECT

public:
    explicit PageSlide(QWidget* parent);

    /// Starts at once; `forward` moves to the left.
    void start(const QRect& place, QPixmap from, QPixmap to, bool forward);
    void stop();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QPixmap m_from;
    QPixmap m_to;
    bool m_forward = true;
    QVariantAnimation m_motion;
};

} // namespace guichet::kiosk
