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
constexpr double kTarget = 0.62;               ///< of the picture's height
constexpr double kFace = 0.66, kHead = 1.32;   ///< of the picture's height; height to width
constexpr double kDocument = 0.84, kId = 1.42; ///< of the picture; width to height
constexpr double kCorner = 0.22;               ///< of the box's side

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

void LivePicture::setTarget(Target target)
{
    m_target = target;
    update();
}

void LivePicture::setMirrored(bool mirrored)
{
    m_mirrored = mirrored;
    update();
}

QRectF LivePicture::target() const
{
    if (m_target == Target::Face) { // a head is higher than wide
        const double high = kFace * height();
        return {(width() - high / kHead) / 2, (height() - high) / 2, high / kHead, high};
    }
    if (m_target == Target::Document) {
        const double wide = std::min(kDocument * width(), kDocument * height() * kId);
        return {(width() - wide) / 2, (height() - wide / kId) / 2, wide, wide / kId};
    }
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
        const double side = std::min(target().width(), target().height()) * (1 - 2 * kCorner);
        const QString icon = m_target == Target::Face       ? QStringLiteral("person")
                             : m_target == Target::Document ? QStringLiteral("account")
                                                            : QStringLiteral("scan");
        drawIcon(painter, icon,
                 QRectF(target().center() - QPointF(side / 2, side / 2), QSizeF(side, side)),
                 m_theme.colours().jade);
    }
    paintTarget(painter);
}

void LivePicture::paintTarget(QPainter& painter) const
{
    const QRectF box = target();
    const double reach = std::min(box.width(), box.height()) * kCorner;
    const double round = m_theme.radius();
    QPainterPath corners;
    if (m_target == Target::Face) {
        corners.addEllipse(box);
    }
    for (const auto& [corner, x, y] :
         {std::tuple(box.topLeft(), 1, 1), std::tuple(box.topRight(), -1, 1),
          std::tuple(box.bottomRight(), -1, -1), std::tuple(box.bottomLeft(), 1, -1)}) {
        if (m_target == Target::Face) {
            break;
        }
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
