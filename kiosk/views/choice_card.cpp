// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/choice_card.h"

#include <QPainter>

#include "kiosk/views/icons.h"

namespace guichet::kiosk {

namespace {

constexpr double kTitleLeading = 1.25;

bool isTight(ChoiceCard::Shape shape)
{
    return shape == ChoiceCard::Shape::Compact || shape == ChoiceCard::Shape::Brief;
}

} // namespace

ChoiceCard::ChoiceCard(const Choice& choice, const Theme& theme, QWidget* parent)
    : PressArea(theme, parent)
{
    setChoice(choice);
}

void ChoiceCard::setChoice(const Choice& choice)
{
    m_choice = choice;
    setEnabled(choice.enabled);
    setAccessibleName(choice.title);
    setAccessibleDescription(choice.note);
    layOutAgain();
}

QString ChoiceCard::noteIn(Shape shape) const
{
    return shape == Shape::Brief ? QString() : m_choice.note;
}

QFont ChoiceCard::titleFont(Shape shape) const
{
    const double size = theme().elder() ? 56 : 46;
    const double change = shape == Shape::Large ? 10 : isTight(shape) ? -8 : 0;
    return theme().font(size + change, Weight::Bold);
}

QFont ChoiceCard::noteFont(Shape shape) const
{
    const double size = theme().elder() ? 42 : 32;
    return theme().font(size + (shape == Shape::Large ? 4 : isTight(shape) ? -2 : 0));
}

double ChoiceCard::padding(Shape shape) const
{
    switch (shape) {
    case Shape::Tile:
        return theme().px(36);
    case Shape::Compact:
    case Shape::Brief:
        return theme().px(28);
    case Shape::Large:
        return theme().px(56);
    case Shape::Row:
        break;
    }
    return theme().px(40);
}

double ChoiceCard::medallion(Shape shape) const
{
    if (m_choice.icon.isEmpty()) {
        return 0;
    }
    switch (shape) {
    case Shape::Tile:
        return theme().px(theme().elder() ? 96 : 88);
    case Shape::Compact:
    case Shape::Brief:
        return theme().px(80);
    case Shape::Large:
        return theme().px(176);
    case Shape::Row:
        break;
    }
    return theme().px(112);
}

double ChoiceCard::wordsWidth(double width, Shape shape) const
{
    const double inner = width - 2 * padding(shape);
    if (shape == Shape::Tile) {
        return inner;
    }
    const double picture = medallion(shape);
    return inner - (picture > 0 ? picture + wordsGap(shape) : 0) -
           (isTight(shape) ? 0 : theme().px(64));
}

double ChoiceCard::wordsGap(Shape shape) const
{
    return theme().px(isTight(shape) ? 24 : shape == Shape::Large ? 48 : 36);
}

double ChoiceCard::wordsHeight(double width, Shape shape) const
{
    const double note = kiosk::heightFor(noteIn(shape), noteFont(shape), width);
    return kiosk::heightFor(m_choice.title, titleFont(shape), width, kTitleLeading) +
           (note > 0 ? note + theme().px(6) : 0);
}

int ChoiceCard::heightFor(int width, Shape shape) const
{
    const double words = wordsHeight(wordsWidth(width, shape), shape);
    const double picture = medallion(shape);
    const double inner = shape == Shape::Tile ? words + (picture > 0 ? picture + theme().px(20) : 0)
                                              : std::max(words, picture);
    return static_cast<int>(inner) + 2 * theme().px(shape == Shape::Tile ? 30
                                                    : isTight(shape)     ? 16
                                                                         : 26);
}

QColor ChoiceCard::ink() const
{
    return m_choice.emphasis ? theme().colours().onJade : theme().colours().ink;
}

void ChoiceCard::layOutFace(const QRectF& face)
{
    const double pad = padding(m_shape);
    const double side = medallion(m_shape);
    const double width = wordsWidth(face.width(), m_shape);
    const double words = wordsHeight(width, m_shape);
    QPointF corner;
    if (m_shape == Shape::Tile) {
        // Picture and words share the slack, so that a tall tile stays one group.
        const double gap =
            side > 0 ? std::max<double>(
                           theme().px(20),
                           std::min<double>(theme().px(72), face.height() - side - words - 2 * pad))
                     : 0.0;
        const double top = face.top() + std::max(0.0, (face.height() - side - gap - words) / 2);
        m_medallion = QRectF(face.left() + pad, top, side, side);
        corner = QPointF(face.left() + pad, top + side + gap);
    } else {
        m_medallion = QRectF(face.left() + pad, face.center().y() - side / 2, side, side);
        corner = QPointF(m_medallion.right() + (side > 0 ? wordsGap(m_shape) : 0),
                         face.center().y() - words / 2);
    }
    const double title = kiosk::heightFor(m_choice.title, titleFont(m_shape), width, kTitleLeading);
    write({m_choice.title, titleFont(m_shape), ink(), QRectF(corner, QSizeF(width, title)),
           Qt::AlignLeft | Qt::AlignTop, false, kTitleLeading});
    const QColor muted = m_choice.emphasis ? ink() : theme().colours().muted;
    const double noteTop = corner.y() + title + theme().px(6);
    write({noteIn(m_shape), noteFont(m_shape), muted,
           QRectF(corner.x(), noteTop, width, corner.y() + words - noteTop)});
}

void ChoiceCard::paintFace(QPainter& painter, const QRectF& face)
{
    const Palette& colours = theme().colours();
    QColor ground = m_choice.emphasis ? colours.jade : colours.surface;
    if (isDown()) {
        ground = theme().highContrast() && !m_choice.emphasis
                     ? QColor(0x33, 0x33, 0x33)
                     : (m_choice.emphasis ? ground.darker(115) : colours.jadeTint);
    }
    const double half = theme().border() / 2.0;
    painter.setPen(QPen(m_choice.emphasis ? ground : colours.line, theme().border()));
    painter.setBrush(ground);
    painter.drawRoundedRect(face.adjusted(half, half, -half, -half), theme().radius(),
                            theme().radius());
    if (m_medallion.width() > 0) {
        QColor tile = colours.jadeTint;
        QColor stroke = theme().highContrast() ? colours.ink : colours.jade;
        if (m_choice.emphasis) {
            tile = theme().highContrast() ? colours.jade : QColor(255, 255, 255, 36);
            stroke = colours.onJade;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(tile);
        const double round = m_medallion.width() * 0.3;
        painter.drawRoundedRect(m_medallion, round, round);
        const double inset = m_medallion.width() * (theme().highContrast() ? 0.12 : 0.22);
        drawIcon(painter, m_choice.icon, m_medallion.adjusted(inset, inset, -inset, -inset),
                 stroke);
    }
    if (m_shape == Shape::Row || m_shape == Shape::Large) {
        const double side = theme().px(44);
        const QRectF arrow(face.right() - theme().px(36) - side, face.center().y() - side / 2, side,
                           side);
        drawIcon(painter, QStringLiteral("next"), arrow,
                 m_choice.emphasis ? colours.onJade : colours.muted);
    }
}

} // namespace guichet::kiosk
