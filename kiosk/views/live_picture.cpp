// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/live_picture.h"

#include <QPainter>
#include <QPainterPath>
#include <utility>

#include "kiosk/views/icons.h"
#include "kiosk/views/theme.h"

namespace guichet::kiosk {

namespace {

constexpr int kPauseMs = 1000 / 15;
constexpr double kTarget = 0.62; ///< of the picture's height
constexpr double kCorner = 0.22; ///< of the box's side

} // namespace

QRectF coveringPart(const QSizeF& picture, const QSizeF& place)
{
    const QSizeF part = place.scaled(picture, Qt::KeepAspectRatio);
    return {QPointF((picture.width() - part.width()) / 2, (picture.height() - part.height()) / 2),
            part};
}

LivePicture::LivePicture(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("livePicture"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (std::exchange(m_waiting, false)) {
            m_pause.start();
            update();
        }
    });
}

void LivePicture::setPicture(const QImage& picture)
{
    m_picture = picture;
    if (m_pause.isActive()) {
        m_waiting = true;
        return;
    }
    m_pause.start();
    update();
}

void LivePicture::setMirrored(bool mirrored)
{
    m_mirrored = mirrored;
    update();
}

QRectF LivePicture::target() const
{
    const double side = kTarget * std::min(width(), height());
    return {(width() - side) / 2, (height() - side) / 2, side, side};
}

void LivePicture::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    QPainterPath shape;
    shape.addRoundedRect(rect(), m_theme.radius(), m_theme.radius());
    painter.fillPath(shape, m_theme.colours().jadeTint);
    if (live()) {
        painter.save();
        painter.setClipPath(shape);
        if (m_mirrored) {
            painter.translate(width(), 0);
            painter.scale(-1, 1);
        }
        painter.drawImage(QRectF(rect()), m_picture, coveringPart(m_picture.size(), size()));
        painter.restore();
    } else {
        const double inset = target().width() * kCorner;
        drawIcon(painter, QStringLiteral("scan"), target().adjusted(inset, inset, -inset, -inset),
                 m_theme.colours().jade);
    }
    paintTarget(painter);
}

void LivePicture::paintTarget(QPainter& painter) const
{
    const QRectF box = target();
    const double reach = box.width() * kCorner;
    const double round = m_theme.radius();
    QPainterPath corners;
    for (const auto& [corner, x, y] :
         {std::tuple(box.topLeft(), 1, 1), std::tuple(box.topRight(), -1, 1),
          std::tuple(box.bottomRight(), -1, -1), std::tuple(box.bottomLeft(), 1, -1)}) {
        corners.moveTo(corner + QPointF(x * reach, 0));
        corners.lineTo(corner + QPointF(x * round, 0));
        corners.quadTo(corner, corner + QPointF(0, y * round));
        corners.lineTo(corner + QPointF(0, y * reach));
    }
    // Jade on a white edge is seen on any picture.
    const auto& colours = m_theme.colours();
    const int thick = m_theme.px(8);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.surface, 2 * thick, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(corners);
    painter.setPen(QPen(colours.jade, thick, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(corners);
}

} // namespace guichet::kiosk
