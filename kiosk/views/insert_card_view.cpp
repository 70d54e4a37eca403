// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/insert_card_view.h"

#include <QEasingCurve>
#include <QPainter>

#include "kiosk/views/slot_picture.h"

namespace guichet::kiosk {

namespace {

constexpr int kStepMs = 33;
constexpr int kGlideSteps = 30; ///< one glide is a second ...
constexpr int kRoundSteps = 48; ///< ... and then the card rests a little
constexpr int kRounds = 3;      ///< under five seconds in all, then the picture stands still
constexpr double kRest = 0.22;

double inserted(int step)
{
    if (step >= kRounds * kRoundSteps) {
        return kRest;
    }
    const double part = std::min(1.0, static_cast<double>(step % kRoundSteps) / kGlideSteps);
    return QEasingCurve(QEasingCurve::OutCubic).valueForProgress(part);
}

} // namespace

InsertCardView::InsertCardView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
    m_gliding.setInterval(kStepMs);
    connect(&m_gliding, &QTimer::timeout, this, &InsertCardView::move);
    if (theme.reducedMotion()) {
        m_step = kRounds * kRoundSteps;
    } else {
        m_gliding.start();
    }
}

void InsertCardView::move()
{
    ++m_step;
    if (m_step >= kRounds * kRoundSteps || theme().reducedMotion()) {
        m_step = kRounds * kRoundSteps;
        m_gliding.stop();
    }
    update(m_picture.toAlignedRect());
}

void InsertCardView::layOut(const QRectF& area)
{
    m_panel = layOutFrame(area);
    const double pad = theme().px(40);
    m_picture = layOutHints(m_panel.adjusted(pad, pad, -pad, -pad));
}

void InsertCardView::paintBody(QPainter& painter)
{
    paintPanel(painter, m_panel, theme().colours().surface, theme().colours().line);
    paintSlot(painter, theme(), m_picture, inserted(m_step));
}

} // namespace guichet::kiosk
