// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/attract_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QRegularExpression>
#include <algorithm>

#include "kiosk/views/icons.h"
#include "kiosk/views/paper.h"

namespace guichet::kiosk {

AttractView::AttractView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
}

void AttractView::layOut(const QRectF& area)
{
    const Palette& colours = theme().colours();
    QRectF words = area;
    QRectF window = area;
    if (!theme().portrait()) {
        words.setWidth(std::round(area.width() * 0.5));
        window.setLeft(words.right() + theme().px(72));
    }
    const double bottom = layOutButtons(words);
    QFont greeting = theme().font(theme().elder() ? 112 : 104, Weight::Bold);
    const QFont second = theme().font(theme().elder() ? 56 : 48);
    const QFont note = theme().font(theme().body());
    const double leading = 1.18;
    double top = words.top() + theme().px(theme().portrait() ? 24 : 16);
    const double others = heightFor(page().secondTitle, second, words.width()) +
                          heightFor(page().subtitle, note, words.width()) + theme().px(32);
    double height = heightFor(page().title, greeting, words.width(), leading);
    while (top + height + others > bottom && greeting.pixelSize() > theme().px(64)) {
        greeting.setPixelSize(greeting.pixelSize() - theme().px(8));
        height = heightFor(page().title, greeting, words.width(), leading);
    }
    write({page().title, greeting, colours.ink, QRectF(words.left(), top, words.width(), height),
           Qt::AlignLeft | Qt::AlignTop, true, leading});
    top += height + theme().px(12);
    const double secondHeight = heightFor(page().secondTitle, second, words.width());
    write({page().secondTitle, second, colours.jade,
           QRectF(words.left(), top, words.width(), secondHeight)});
    top += secondHeight;
    if (!page().subtitle.isEmpty()) {
        top += theme().px(8);
        const double tall = heightFor(page().subtitle, note, words.width());
        write(
            {page().subtitle, note, colours.muted, QRectF(words.left(), top, words.width(), tall)});
        top += tall;
    }
    if (theme().portrait()) {
        window =
            QRectF(area.left(), top + theme().px(40), area.width(), bottom - top - theme().px(56));
    }
    layOutWindow(window);
}

void AttractView::layOutWindow(const QRectF& place)
{
    const Palette& colours = theme().colours();
    const double width = std::min<double>(
        theme().px(760), std::min(place.width() - theme().px(80), place.height() * 0.94));
    m_window = QRectF(place.center().x() - width / 2, place.top(), width, place.height());
    const double slip = width * 0.58;
    const double top = m_window.top() + m_window.height() * 0.27;
    m_slip = QRectF(m_window.center().x() - slip / 2, top, slip,
                    m_window.bottom() - top - theme().px(4));
    if (page().live.isEmpty()) {
        return;
    }
    // "7 people waiting": the number large, the words around it small.
    static const QRegularExpression number(QStringLiteral("^(\\D*)(\\d+)(.*)$"));
    const auto match = number.match(page().live);
    const QString before = match.hasMatch() ? match.captured(1).trimmed() : QString();
    const QString count = match.hasMatch() ? match.captured(2) : QString();
    const QString after = match.hasMatch() ? match.captured(3).trimmed() : page().live;
    const double pad = theme().px(28);
    const double inner = slip - 2 * pad;
    const QFont words = theme().font(theme().elder() ? 48 : 40, Weight::Bold);
    const QFont note = theme().font(theme().elder() ? 36 : 28);
    QFont huge = theme().font(10, Weight::Bold);
    huge.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("Noto Sans CJK SC")});
    const double beforeHeight = heightFor(before, words, inner);
    const double afterHeight = heightFor(after, words, inner);
    const double ageHeight = heightFor(page().liveAge, note, inner);
    const double room = m_slip.height() - 2 * theme().px(36) - beforeHeight - afterHeight -
                        ageHeight - theme().px(16);
    huge.setPixelSize(std::clamp(static_cast<int>(room / 1.1), theme().px(96), theme().px(300)));
    const double digits = widthOf(count, huge);
    if (digits > inner) {
        huge.setPixelSize(static_cast<int>(huge.pixelSize() * inner / digits));
    }
    const double countHeight = count.isEmpty() ? 0 : 1.1 * huge.pixelSize();
    const double block = beforeHeight + countHeight + afterHeight + ageHeight + theme().px(12);
    double y = m_slip.top() + (m_slip.height() - block) / 2;
    const auto put = [&](const QString& text, const QFont& font, const QColor& colour,
                         double height, double leading) {
        write({text, font, colour, QRectF(m_slip.left() + pad, y, inner, height),
               Qt::AlignHCenter | Qt::AlignTop, true, leading});
        y += height;
    };
    put(before, words, colours.ink, beforeHeight, 1.3);
    put(count, huge, colours.jade, countHeight, 1.1);
    put(after, words, colours.ink, afterHeight, 1.3);
    y += theme().px(12);
    put(page().liveAge, note, colours.muted, ageHeight, 1.3);
}

void AttractView::paintBody(QPainter& painter)
{
    paintWindow(painter);
}

void AttractView::paintWindow(QPainter& painter) const
{
    // The guichet itself: an arched window, a sill, and a slip of paper handed over it.
    const Palette& colours = theme().colours();
    const bool high = theme().highContrast();
    const double frame = theme().px(36);
    const double sillTop = m_window.top() + m_window.height() * 0.74;
    const double radius = m_window.width() / 2;
    const auto arch = [&](double inset) {
        const double left = m_window.left() + inset;
        const double right = m_window.right() - inset;
        const double r = radius - inset;
        QPainterPath path(QPointF(left, sillTop));
        path.lineTo(left, std::min(sillTop, m_window.top() + radius));
        path.arcTo(QRectF(left, m_window.top() + inset, 2 * r, 2 * r), 180, -180);
        path.lineTo(right, sillTop);
        path.closeSubpath();
        return path;
    };
    painter.setPen(high ? QPen(colours.line, theme().border()) : QPen(Qt::NoPen));
    painter.setBrush(high ? colours.page : colours.jade);
    painter.drawPath(arch(0));
    painter.setBrush(high ? colours.page : QColor(0xDC, 0xEC, 0xE6));
    painter.drawPath(arch(frame));
    const double out = theme().px(40);
    const QRectF sill(m_window.left() - out, sillTop - frame / 2, m_window.width() + 2 * out,
                      frame * 1.2);
    painter.setBrush(high ? colours.page : QColor(0x08, 0x5A, 0x4E));
    painter.drawRoundedRect(sill, frame * 0.35, frame * 0.35);
    paintPaper(painter, theme(), paperPath(m_slip, theme().px(30), false));
    if (page().live.isEmpty()) {
        const double side = m_slip.width() * 0.5;
        drawIcon(painter, QStringLiteral("ticket"),
                 QRectF(m_slip.center() - QPointF(side / 2, side / 2), QSizeF(side, side)),
                 colours.jade);
    }
}

void AttractView::mousePressEvent(QMouseEvent* event)
{
    const auto areas = stops();
    const auto place = event->position().toPoint();
    const bool beside = std::any_of(areas.begin(), areas.end(), [&](const PressArea* area) {
        return area->geometry().contains(place); // missed by a hair, or not to be pressed now
    });
    m_touched = event->button() == Qt::LeftButton && !beside;
}

void AttractView::mouseReleaseEvent(QMouseEvent* event)
{
    const bool inside = rect().contains(event->position().toPoint());
    if (std::exchange(m_touched, false) && inside && primary() != nullptr &&
        primary()->isEnabled()) {
        emit pressed(*page().primary);
    }
}

} // namespace guichet::kiosk
