// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/message_view.h"

#include <QPainter>

#include "kiosk/views/icons.h"

namespace guichet::kiosk {

MessageView::MessageView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
}

QString MessageView::figure() const
{
    if (!page().picture.isEmpty()) {
        return page().picture;
    }
    if (page().kind == PageKind::Call) {
        return QStringLiteral("person");
    }
    if (page().kind == PageKind::Warning) {
        return QStringLiteral("clock");
    }
    return page().trouble ? QStringLiteral("alert") : QStringLiteral("tick");
}

void MessageView::layOut(const QRectF& area)
{
    const Palette& colours = theme().colours();
    const bool amber = page().kind != PageKind::Result;
    const QColor ink = amber ? colours.amberInk : colours.ink;
    const QColor soft = amber ? colours.amberInk : colours.muted;
    QRectF column = area;
    if (!theme().portrait()) {
        const double width =
            theme().elder() ? area.width() : std::min<double>(area.width(), theme().px(1320));
        column = QRectF(area.center().x() - width / 2, area.top(), width, area.height());
    }
    const double bottom = layOutButtons(column);
    m_panel = QRectF(column.left(), column.top(), column.width(), bottom - column.top());

    const double pad = theme().px(theme().portrait() ? 64 : 56);
    const QFont titleFont =
        theme().font(theme().title() + (theme().portrait() ? 8 : 0), Weight::Bold);
    const QFont body = theme().font(theme().body());
    double left = m_panel.left() + pad;
    double width = m_panel.width() - 2 * pad;
    const auto wordsHeight = [&] {
        const double below = heightFor(page().subtitle, body, width);
        return heightFor(page().title, titleFont, width, kPageTitleLeading) +
               (below > 0 ? below + theme().px(20) : 0) + (page().busy ? theme().px(40) : 0);
    };
    const double least = theme().px(120);
    const bool beside = !theme().portrait() && page().facts.isEmpty() &&
                        least + theme().px(68) + wordsHeight() > m_panel.height();
    if (beside) { // too low for the picture above the words
        const double side = std::min<double>(theme().px(200), m_panel.height() - theme().px(64));
        left += side + pad;
        width -= side + pad;
        m_disc = QRectF(m_panel.left() + pad, m_panel.center().y() - side / 2, side, side);
    }
    const auto along = beside ? Qt::AlignLeft : Qt::AlignHCenter;
    const double title = heightFor(page().title, titleFont, width, kPageTitleLeading);
    const double subtitle = heightFor(page().subtitle, body, width);
    const double facts =
        page().facts.isEmpty() ? 0 : factsHeight(width, page().facts) + theme().px(24);
    const double busy = page().busy ? theme().px(40) : 0;
    const double between = theme().px(20);
    const double words = title + (subtitle > 0 ? subtitle + between : 0) + busy + facts;
    const double disc =
        beside ? 0
               : std::clamp<double>(m_panel.height() - words - 2 * theme().px(40) - theme().px(48),
                                    least, theme().px(theme().portrait() ? 320 : 240));
    const double gap = beside ? 0 : theme().px(theme().portrait() ? 64 : 36);
    double top = m_panel.top() +
                 std::max<double>(theme().px(16), (m_panel.height() - disc - gap - words) / 2);
    if (!beside) {
        m_disc = QRectF(m_panel.center().x() - disc / 2, top, disc, disc);
    }
    if (page().ticket) {
        // The number is what the customer must remember: it takes the place of the picture.
        QFont number = theme().font(10, Weight::Bold);
        number.setPixelSize(std::max(8, static_cast<int>(m_disc.height() * 0.84)));
        const double digits = widthOf(page().ticket->label, number);
        if (digits > width) {
            number.setPixelSize(std::max(8, static_cast<int>(number.pixelSize() * width / digits)));
        }
        write(
            {page().ticket->label, number, colours.jade,
             QRectF(m_panel.left() + pad, m_disc.top(), m_panel.width() - 2 * pad, m_disc.height()),
             Qt::AlignHCenter | Qt::AlignVCenter, false, 1.1});
    }
    top += disc + gap;
    write({page().title, titleFont, ink, QRectF(left, top, width, title), along | Qt::AlignTop,
           true, kPageTitleLeading});
    top += title;
    if (subtitle > 0) {
        top += between;
        write({page().subtitle, body, soft, QRectF(left, top, width, subtitle),
               along | Qt::AlignTop, true});
        top += subtitle;
    }
    if (page().busy) {
        const double bar = std::min<double>(width, theme().px(480));
        layOutProgress(QRectF(m_panel.center().x() - bar / 2, top, bar, 0));
        top += busy;
    }
    if (facts > 0) {
        layOutFacts(QRectF(left, top + theme().px(24), width, facts - theme().px(24)), page().facts,
                    false);
    }
}

void MessageView::paintBody(QPainter& painter)
{
    const Palette& colours = theme().colours();
    const bool amber = page().kind != PageKind::Result;
    const QColor line = amber ? colours.amberLine : page().trouble ? colours.red : colours.line;
    paintPanel(painter, m_panel, amber ? colours.amberGround : colours.surface, line);
    if (secondsLeft() > 0) {
        paintRing(painter, m_disc);
        return;
    }
    if (page().ticket) {
        return;
    }
    const bool high = theme().highContrast();
    QColor ground = colours.jade;
    QColor stroke = colours.onJade;
    if (amber) {
        ground = high ? colours.amberInk : QColor(0xFB, 0xE0, 0xB2);
        stroke = high ? colours.page : colours.amberInk;
    } else if (page().trouble) {
        ground = high ? colours.red : colours.redTint;
        stroke = high ? colours.page : colours.red;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawEllipse(m_disc);
    const double inset = m_disc.width() * 0.26;
    drawIcon(painter, figure(), m_disc.adjusted(inset, inset, -inset, -inset), stroke);
}

} // namespace guichet::kiosk
