// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/scan_code_view.h"

#include <algorithm>

namespace guichet::kiosk {

namespace {

constexpr double kWidestViewfinder =
    16.0 / 9; ///< widest; narrower where there is no room, never higher
constexpr double kNarrowest = 1;

} // namespace

ScanCodeView::ScanCodeView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
    , m_picture(new LivePicture(theme, this))
{
}

void ScanCodeView::showLive(const QImage& picture)
{
    m_picture->setPicture(picture);
}

void ScanCodeView::layOut(const QRectF& area)
{
    m_panel = layOutFrame(area);
    const double pad = theme().px(40);
    const QRectF room = layOutHints(m_panel.adjusted(pad, pad, -pad, -pad));
    const double height = std::min(room.height(), room.width() / kNarrowest);
    const double width = std::min(room.width(), height * kWidestViewfinder);
    const QRectF place(room.center().x() - width / 2, room.center().y() - height / 2, width,
                       height);
    m_picture->setGeometry(place.toAlignedRect());
}

void ScanCodeView::paintBody(QPainter& painter)
{
    paintPanel(painter, m_panel, theme().colours().surface, theme().colours().line);
}

} // namespace guichet::kiosk
