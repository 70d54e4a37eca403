// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/show_view.h"

#include <QPainter>
#include <algorithm>

#include "kiosk/views/document_picture.h"

namespace guichet::kiosk {

namespace {

constexpr double kFaceShape = 0.9; ///< width to height
constexpr double kDocumentShape = 1.5;

} // namespace

ShowView::ShowView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
    const bool face = page.kind == PageKind::LookAtCamera;
    if (face || page.camera) {
        m_picture = new LivePicture(theme, this);
        m_picture->setTarget(face ? LivePicture::Target::Face : LivePicture::Target::Document);
        m_picture->setMirrored(face);
    }
}

void ShowView::showLive(const QImage& picture)
{
    if (m_picture != nullptr) {
        m_picture->setPicture(picture);
    }
}

void ShowView::advise(const QString& what)
{
    if (what != m_advice) {
        m_advice = what;
        layOutAgain();
    }
}

/// Of the longest one: the picture above must not move while advice changes.
double ShowView::adviceHeight(double width) const
{
    const QFont font = theme().font(theme().body(), Weight::Bold);
    double height = 0;
    for (const QString& text : page().advice) {
        height = std::max(height, heightFor(text, font, width));
    }
    return height;
}

void ShowView::layOut(const QRectF& area)
{
    m_panel = layOutFrame(area);
    const double pad = theme().px(theme().portrait() ? 40 : 24);
    QRectF room = m_panel.adjusted(pad, pad, -pad, -pad);
    const double words = adviceHeight(room.width() - 2 * theme().px(32));
    if (words > 0) {
        const double strip = words + 2 * theme().px(16);
        m_strip = QRectF(room.left(), room.bottom() - strip, room.width(), strip);
        room.setBottom(m_strip.top() - theme().px(24));
        write({page().advice.value(m_advice), theme().font(theme().body(), Weight::Bold),
               theme().colours().ink, m_strip.adjusted(theme().px(32), 0, -theme().px(32), 0),
               Qt::AlignHCenter | Qt::AlignVCenter, true});
    }
    room = layOutHints(room);
    m_drawing = room;
    if (m_picture != nullptr) {
        const double shape = page().kind == PageKind::LookAtCamera ? kFaceShape : kDocumentShape;
        const double height = std::min(room.height(), room.width() / shape);
        const double width = std::min(room.width(), height * shape);
        m_picture->setGeometry(
            QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
                .toAlignedRect());
    }
}

void ShowView::paintBody(QPainter& painter)
{
    const Palette& colours = theme().colours();
    paintPanel(painter, m_panel, colours.surface, colours.line);
    if (m_picture == nullptr) {
        paintDocument(painter, theme(), m_drawing);
    }
    if (!page().advice.value(m_advice).isEmpty()) {
        paintPanel(painter, m_strip, colours.jadeTint,
                   theme().highContrast() ? colours.line : colours.jadeTint);
    }
}

} // namespace guichet::kiosk
