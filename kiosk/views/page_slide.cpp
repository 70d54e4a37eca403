// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/page_slide.h"

#include <QPainter>

namespace guichet::kiosk {

namespace {

constexpr int kSlideMs = 200;

} // namespace

PageSlide::PageSlide(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_OpaquePaintEvent);
    hide();
    m_motion.setDuration(kSlideMs);
    m_motion.setStartValue(0.0);
    m_motion.setEndValue(1.0);
    m_motion.setEasingCurve(QEasingCurve::OutCubic);
    connect(&m_motion, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(&m_motion, &QVariantAnimation::finished, this, &PageSlide::stop);
}

void PageSlide::start(const QRect& place, QPixmap from, QPixmap to, bool forward)
{
    m_motion.stop();
    m_from = std::move(from);
    m_to = std::move(to);
    m_forward = forward;
    setGeometry(place);
    show();
    raise();
    m_motion.start();
}

void PageSlide::stop()
{
    m_motion.stop();
    hide();
    m_from = {};
    m_to = {};
}

void PageSlide::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const double moved = m_motion.currentValue().toDouble();
    const int offset = static_cast<int>((1.0 - moved) * width());
    const int direction = m_forward ? 1 : -1;
    painter.drawPixmap(direction * (offset - width()), 0, m_from);
    painter.drawPixmap(direction * offset, 0, m_to);
}

} // namespace guichet::kiosk
