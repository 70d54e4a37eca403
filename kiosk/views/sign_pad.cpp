// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/sign_pad.h"

#include <QBuffer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <utility>

#include "kiosk/views/theme.h"

namespace guichet::kiosk {

namespace {

constexpr double kNib = 0.0075;    ///< of the width
constexpr double kLeast = 0.15;    ///< so long must be what is written
constexpr double kClosest = 0.002; ///< points nearer than that are one
constexpr int kPictureWidth = 1200;

/// Curves through the middles between the points: no corners where the finger was quick.
QPainterPath smooth(const QPolygonF& stroke, double scale)
{
    QPainterPath path(stroke.first() * scale);
    if (stroke.size() == 1) {
        path.lineTo(stroke.first() * scale + QPointF(0.1, 0));
        return path;
    }
    for (qsizetype i = 1; i + 1 < stroke.size(); ++i) {
        path.quadTo(stroke[i] * scale, (stroke[i] + stroke[i + 1]) / 2 * scale);
    }
    path.lineTo(stroke.last() * scale);
    return path;
}

double length(const QPolygonF& stroke)
{
    double sum = 0;
    for (qsizetype i = 1; i < stroke.size(); ++i) {
        sum += QLineF(stroke[i - 1], stroke[i]).length();
    }
    return sum;
}

void paintStrokes(QPainter& painter, const QList<QPolygonF>& strokes, double scale,
                  const QColor& ink)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, kNib * scale, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    for (const auto& stroke : strokes) {
        painter.drawPath(smooth(stroke, scale));
    }
}

} // namespace

SignPad::SignPad(const Theme& theme, bool lined, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_lined(lined)
{
    setObjectName(QStringLiteral("pad"));
}

bool SignPad::written() const
{
    double sum = 0;
    for (const auto& stroke : m_strokes) {
        sum += length(stroke);
    }
    return sum >= kLeast;
}

void SignPad::undo()
{
    if (!m_strokes.isEmpty()) {
        m_strokes.removeLast();
        update();
        emit changed();
    }
}

void SignPad::clear()
{
    if (!std::exchange(m_strokes, {}).isEmpty()) {
        update();
        emit changed();
    }
}

QByteArray SignPad::png() const
{
    QRectF bounds;
    for (const auto& stroke : m_strokes) {
        bounds = bounds.united(smooth(stroke, kPictureWidth).boundingRect());
    }
    const double margin = 4 * kNib * kPictureWidth;
    bounds.adjust(-margin, -margin, margin, margin);
    QImage picture(bounds.size().toSize(), QImage::Format_Grayscale8);
    picture.fill(Qt::white);
    QPainter painter(&picture);
    painter.translate(-bounds.topLeft());
    paintStrokes(painter, m_strokes, kPictureWidth, Qt::black);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    picture.save(&buffer, "PNG");
    return bytes;
}

QString SignPad::strokes() const
{
    QJsonArray all;
    for (const auto& stroke : m_strokes) {
        QJsonArray points;
        for (const QPointF& point : stroke) {
            points.append(point.x());
            points.append(point.y());
        }
        all.append(points);
    }
    return QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact));
}

void SignPad::setStrokes(const QString& json)
{
    m_strokes.clear();
    const auto all = QJsonDocument::fromJson(json.toUtf8()).array();
    for (const auto& each : all) {
        const auto numbers = each.toArray();
        QPolygonF stroke;
        for (qsizetype i = 0; i + 1 < numbers.size(); i += 2) {
            stroke.append({numbers[i].toDouble(), numbers[i + 1].toDouble()});
        }
        if (!stroke.isEmpty()) {
            m_strokes.append(stroke);
        }
    }
    update();
    emit changed();
}

void SignPad::extend(QPointF place)
{
    const QPointF point(qBound(0.0, place.x() / width(), 1.0),
                        qBound(0.0, place.y() / width(), height() / double(width())));
    auto& stroke = m_strokes.last();
    if (stroke.isEmpty() || QLineF(stroke.last(), point).length() >= kClosest) {
        stroke.append(point);
        update();
    }
}

void SignPad::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton) {
        m_down = true;
        m_strokes.append(QPolygonF());
        extend(event->position());
    }
}

void SignPad::mouseMoveEvent(QMouseEvent* event)
{
    if (m_down) {
        extend(event->position());
    }
}

void SignPad::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && std::exchange(m_down, false)) {
        emit changed();
    }
}

void SignPad::paintLine(QPainter& painter) const
{
    const double left = m_theme.px(64);
    const double base = height() * 0.72;
    painter.setPen(QPen(m_theme.colours().muted, m_theme.px(3)));
    painter.drawLine(QPointF(left, base), QPointF(width() - left, base));
    const double cross = m_theme.px(14);
    painter.drawLine(QPointF(left, base - 3.5 * cross),
                     QPointF(left + 2 * cross, base - 1.5 * cross));
    painter.drawLine(QPointF(left, base - 1.5 * cross),
                     QPointF(left + 2 * cross, base - 3.5 * cross));
}

void SignPad::paintEvent(QPaintEvent* /*event*/)
{
    const Palette& colours = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double half = m_theme.border() / 2.0;
    painter.setPen(QPen(colours.line, m_theme.border()));
    painter.setBrush(colours.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), m_theme.radius(),
                            m_theme.radius());
    if (m_lined) {
        paintLine(painter);
    }
    paintStrokes(painter, m_strokes, width(), colours.ink);
}

} // namespace guichet::kiosk
