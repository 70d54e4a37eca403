// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/digit_field.h"

#include <QAccessible>
#include <QPainter>
#include <algorithm>
#include <utility>

#include "kiosk/views/lettering.h"
#include "kiosk/views/theme.h"

namespace guichet::kiosk {

namespace {

constexpr QChar kPlace = QLatin1Char('#');
constexpr double kGroupGap = 0.6; ///< between groups, in cells

/// Spoken digit by digit; before the first, how many are wanted.
QString spoken(const QString& digits, qsizetype places)
{
    if (digits.isEmpty()) {
        return QStringLiteral("0 / %1").arg(places);
    }
    QStringList each;
    for (const QChar digit : digits) {
        each.append(digit);
    }
    return each.join(QLatin1Char(' '));
}

} // namespace

DigitField::DigitField(QString mask, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_mask(std::move(mask))
    , m_theme(theme)
{
    setObjectName(QStringLiteral("digits"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    nameDigits();
}

void DigitField::nameDigits()
{
    const auto digits = spoken(m_digits, m_mask.count(kPlace));
    setAccessibleName(m_label.isEmpty() ? digits : m_label + QStringLiteral(": ") + digits);
}

void DigitField::setLabel(const QString& label)
{
    m_label = label;
    nameDigits();
}

void DigitField::setEdge(Edge edge)
{
    if (std::exchange(m_edge, edge) != edge) {
        update();
    }
}

bool DigitField::full() const
{
    return m_digits.size() == m_mask.count(kPlace);
}

void DigitField::setDigits(const QString& digits)
{
    QString kept;
    for (const QChar digit : digits) {
        if (digit >= QLatin1Char('0') && digit <= QLatin1Char('9') &&
            kept.size() < m_mask.count(kPlace)) {
            kept.append(digit);
        }
    }
    if (std::exchange(m_digits, kept) == kept) {
        return;
    }
    nameDigits();
    QAccessibleEvent said(this, QAccessible::NameChanged);
    QAccessible::updateAccessibility(&said);
    update();
    emit changed();
}

void DigitField::add(QChar digit)
{
    setDigits(m_digits + digit);
}

void DigitField::erase()
{
    setDigits(m_digits.chopped(std::min<qsizetype>(1, m_digits.size())));
}

double DigitField::cell(int width) const
{
    const auto places = static_cast<double>(m_mask.count(kPlace));
    const auto gaps = static_cast<double>(m_mask.size()) - places;
    const double room = width - 2 * m_theme.px(28);
    return std::min<double>(room / (places + kGroupGap * gaps),
                            m_theme.px(m_theme.elder() ? 88 : 76));
}

QFont DigitField::digitFont(int width) const
{
    QFont font = m_theme.font(10, Weight::Bold);
    font.setPixelSize(static_cast<int>(cell(width) * 1.2));
    return font;
}

int DigitField::heightFor(int width) const
{
    return static_cast<int>(digitFont(width).pixelSize() * 1.3) + 2 * m_theme.px(20);
}

void DigitField::paintEvent(QPaintEvent* /*event*/)
{
    const Palette& colours = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double thick = m_edge == Edge::Plain ? m_theme.border() : 2.0 * m_theme.border();
    const double half = thick / 2.0;
    painter.setPen(QPen(m_edge == Edge::Wrong    ? colours.red
                        : m_edge == Edge::Active ? colours.jade
                                                 : colours.line,
                        thick));
    painter.setBrush(colours.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), m_theme.radius(),
                            m_theme.radius());
    const double each = cell(width());
    const auto places = static_cast<double>(m_mask.count(kPlace));
    const double whole =
        each * (places + kGroupGap * (static_cast<double>(m_mask.size()) - places));
    const QFont font = digitFont(width());
    double left = (width() - whole) / 2;
    qsizetype place = 0;
    for (const QChar sign : std::as_const(m_mask)) {
        if (sign != kPlace) {
            left += kGroupGap * each;
            continue;
        }
        const QRectF box(left, 0, each, height());
        if (place < m_digits.size()) {
            draw(painter,
                 {m_digits.at(place), font, colours.ink, box, Qt::AlignHCenter | Qt::AlignVCenter});
        } else {
            const bool next = place == m_digits.size();
            const double below = height() / 2.0 + font.pixelSize() * 0.42;
            painter.setPen(QPen(next ? colours.jade : colours.muted, m_theme.px(next ? 8 : 4)));
            painter.drawLine(QPointF(left + each * 0.16, below),
                             QPointF(left + each * 0.84, below));
        }
        left += each;
        ++place;
    }
}

} // namespace guichet::kiosk
