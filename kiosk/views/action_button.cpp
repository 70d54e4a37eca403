// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/action_button.h"

#include <QPainter>
#include <cmath>

#include "kiosk/views/icons.h"

namespace guichet::kiosk {

ActionButton::ActionButton(Look look, const Theme& theme, QWidget* parent)
    : PressArea(theme, parent)
    , m_look(look)
{
}

void ActionButton::setWord(const QString& word, const QString& icon, const QString& name)
{
    setText(word);
    m_icon = icon;
    setAccessibleName(name.isEmpty() ? word : name);
    layOutAgain();
}

QFont ActionButton::wordFont() const
{
    switch (m_look) {
    case Look::Chip:
        return theme().font(theme().elder() ? 36 : 30);
    case Look::Primary:
        return theme().font(theme().body() + 4, Weight::Bold);
    case Look::Key:
        return theme().font(theme().body() + (text().size() > 1 ? 4 : 16), Weight::Bold);
    default:
        return theme().font(theme().body() - 2, Weight::Bold);
    }
}

QColor ActionButton::ink() const
{
    const Palette& colours = theme().colours();
    switch (m_look) {
    case Look::Primary:
        return colours.onJade;
    case Look::Amber:
        return colours.amberInk;
    case Look::Chip:
        return isChecked() ? colours.page : colours.ink;
    default:
        return isChecked() ? colours.page : colours.ink;
    }
}

double ActionButton::iconSide() const
{
    return m_icon.isEmpty() ? 0 : std::round(wordFont().pixelSize() * 1.1);
}

double ActionButton::iconRoom() const
{
    return m_icon.isEmpty() ? 0 : iconSide() + theme().px(m_look == Look::Chip ? 10 : 16);
}

double ActionButton::padding() const
{
    if (m_look == Look::Key) {
        return theme().px(8);
    }
    return theme().px(m_look == Look::Chip ? (theme().elder() ? 16 : 24) : 40);
}

int ActionButton::naturalWidth() const
{
    return static_cast<int>(std::ceil(widthOf(text(), wordFont()) + iconRoom() + 2 * padding()));
}

int ActionButton::heightFor(int width) const
{
    const int least = m_look == Look::Chip ? theme().target() : theme().mainButton();
    const double words =
        kiosk::heightFor(text(), wordFont(), width - 2 * padding() - iconRoom(), 1.2);
    return std::max(least, static_cast<int>(words) + theme().px(m_look == Look::Chip ? 8 : 48));
}

void ActionButton::layOutFace(const QRectF& face)
{
    const QFont font = wordFont();
    const double room = face.width() - 2 * padding() - iconRoom();
    const double word = std::min(room, widthOf(text(), font));
    const double left = face.left() + (face.width() - iconRoom() - word) / 2;
    m_iconPlace = QRectF(left, face.center().y() - iconSide() / 2, iconSide(), iconSide());
    write({text(), font, ink(), QRectF(left + iconRoom(), face.top(), word, face.height()),
           Qt::AlignHCenter | Qt::AlignVCenter, false, 1.2});
}

void ActionButton::paintFace(QPainter& painter, const QRectF& face)
{
    const Palette& colours = theme().colours();
    QColor ground = colours.surface;
    QColor line = colours.line;
    if (m_look == Look::Primary) {
        ground = line = colours.jade;
    } else if (m_look == Look::Amber) {
        ground = colours.amberGround;
        line = colours.amberLine;
    } else if (isChecked()) {
        ground = line = colours.ink;
    }
    if (isDown()) {
        ground = theme().highContrast() && ground == Qt::black ? QColor(0x33, 0x33, 0x33)
                                                               : ground.darker(112);
    }
    const double half = theme().border() / 2.0;
    const double radius =
        m_look == Look::Chip ? face.height() / 2 : static_cast<double>(theme().radius());
    painter.setPen(QPen(line, theme().border()));
    painter.setBrush(ground);
    painter.drawRoundedRect(face.adjusted(half, half, -half, -half), radius, radius);
    drawIcon(painter, m_icon, m_iconPlace, ink());
}

} // namespace guichet::kiosk
