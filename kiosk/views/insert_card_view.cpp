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
    m_picture = m_panel.adjusted(pad, pad, -pad, -pad);
    if (page().facts.isEmpty()) {
        return;
    }
    const QFont font = theme().font(theme().body() - 2, Weight::Bold);
    const double icon = theme().px(theme().body());
    const double gap = theme().px(20);
    const double beside = theme().portrait() ? m_picture.width() : m_picture.width() * 0.44;
    double width = 0;
    double height = 0;
    for (const Fact& fact : page().facts) {
        const double wide = std::min(widthOf(fact.value, font), beside - icon - gap);
        width = std::max(width, wide);
        height += heightFor(fact.value, font, wide) + gap;
    }
    QRectF hints = m_picture;
    if (theme().portrait()) {
        hints.setTop(m_picture.bottom() - height + gap);
        m_picture.setBottom(hints.top() - theme().px(40));
        hints.setLeft(m_panel.center().x() - (width + icon + gap) / 2);
    } else {
        hints.setLeft(m_picture.right() - beside);
        hints.setTop(m_picture.center().y() - (height - gap) / 2);
        m_picture.setRight(hints.left() - theme().px(24));
    }
    double top = hints.top();
    for (const Fact& fact : page().facts) {
        const double tall = heightFor(fact.value, font, width);
        addFigure(QStringLiteral("tick"),
                  QRectF(hints.left(), top + (1.3 * font.pixelSize() - icon) / 2, icon, icon),
                  theme().colours().jade);
        write({fact.value, font, theme().colours().ink,
               QRectF(hints.left() + icon + gap, top, width, tall)});
        top += tall + gap;
    }
}

void InsertCardView::paintBody(QPainter& painter)
{
    paintPanel(painter, m_panel, theme().colours().surface, theme().colours().line);
    paintSlot(painter, theme(), m_picture, inserted(m_step));
}

} // namespace guichet::kiosk
