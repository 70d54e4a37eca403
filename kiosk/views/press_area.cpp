// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/press_area.h"

#include <QKeyEvent>
#include <QPainter>

namespace guichet::kiosk {

namespace {

bool isPressKey(int key)
{
    return key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Select ||
           key == Qt::Key_Space;
}

} // namespace

PressArea::PressArea(const Theme& theme, QWidget* parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
}

int PressArea::ringRoom() const
{
    return 8;
}

void PressArea::place(const QRect& face)
{
    const int room = ringRoom();
    setGeometry(face.adjusted(-room, -room, room, room));
    layOutAgain();
}

QRect PressArea::face() const
{
    const int room = ringRoom();
    return geometry().adjusted(room, room, -room, -room);
}

QStringList PressArea::clippedTexts() const
{
    QStringList clipped;
    for (const Lettering& lettering : m_texts) {
        if (!fits(lettering)) {
            clipped.append(lettering.text);
        }
    }
    return clipped;
}

void PressArea::layOutAgain()
{
    m_texts.clear();
    layOutFace(QRectF(face().translated(-pos())));
    update();
}

void PressArea::resizeEvent(QResizeEvent* /*event*/)
{
    layOutAgain();
}

void PressArea::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF inner(face().translated(-pos()));
    if (!isEnabled()) {
        painter.setOpacity(0.45);
    }
    paintFace(painter, inner);
    for (const Lettering& lettering : m_texts) {
        draw(painter, lettering);
    }
    if (hasFocus() && window()->property(kKeysInUse).toBool()) {
        const double thick = m_theme.highContrast() ? 6 : 4;
        const double out = 2 + thick / 2;
        painter.setPen(QPen(m_theme.colours().focus, thick));
        painter.setBrush(Qt::NoBrush);
        const double radius = m_theme.radius() + out;
        painter.drawRoundedRect(inner.adjusted(-out, -out, out, out), radius, radius);
    }
}

void PressArea::keyPressEvent(QKeyEvent* event)
{
    if (isPressKey(event->key())) {
        if (!event->isAutoRepeat()) {
            setDown(true);
        }
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Up:
        focusPreviousChild();
        return;
    case Qt::Key_Right:
    case Qt::Key_Down:
        focusNextChild();
        return;
    default:
        event->ignore();
    }
}

void PressArea::keyReleaseEvent(QKeyEvent* event)
{
    if (isPressKey(event->key()) && !event->isAutoRepeat() && isDown()) {
        setDown(false);
        click();
        return;
    }
    event->ignore();
}

bool PressArea::hitButton(const QPoint& position) const
{
    return face().translated(-pos()).contains(position);
}

void PressArea::nextCheckState()
{
    // What is on and off is decided by whoever fills the frame, not by the press.
}

} // namespace guichet::kiosk
