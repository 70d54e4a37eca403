// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/call_panel.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "kiosk/views/icons.h"
#include "kiosk/views/live_picture.h"

namespace guichet::kiosk {

namespace {

constexpr double kGap = 16;
constexpr double kPad = 24;
constexpr double kShape = 9.0 / 16; ///< of the picture
constexpr double kOwnShare = 0.24;  ///< of the picture's width
const QColor kLight(0xFF, 0xFF, 0xFF);
const QColor kDark(0x1B, 0x1F, 0x23);

void paintPill(QPainter& painter, const QRectF& place, const QColor& ground)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(place, place.height() / 4, place.height() / 4);
}

} // namespace

CallPanel::CallPanel(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("call"));
}

void CallPanel::setCall(const CallFace& call)
{
    if (call == m_call && !m_buttons.isEmpty()) {
        return;
    }
    const bool sameButtons = call.phrases == m_call.phrases && call.camera == m_call.camera &&
                             call.end == m_call.end && !m_buttons.isEmpty();
    m_call = call;
    if (!sameButtons) {
        for (auto* old : std::exchange(m_buttons, {})) {
            old->hide();
            old->deleteLater(); // it may be the sender
        }
        for (const auto& phrase : m_call.phrases) {
            m_buttons.append(button(phrase, ActionButton::Look::Chip));
        }
        if (m_call.camera) {
            m_buttons.append(button(*m_call.camera, ActionButton::Look::Chip));
        }
        m_buttons.append(button(m_call.end, ActionButton::Look::Chip));
    }
    setAccessibleName(m_call.who);
    setAccessibleDescription(m_call.state.isEmpty() ? m_call.caption : m_call.state);
    layOutAgain();
}

ActionButton* CallPanel::button(const Choice& choice, ActionButton::Look look)
{
    auto* made = new ActionButton(look, m_theme, this);
    made->setObjectName(QStringLiteral("call/%1/%2").arg(choice.event, choice.value));
    made->setWord(choice.title, choice.icon);
    connect(made, &PressArea::clicked, this, [this, choice] { emit pressed(choice); });
    made->show();
    return made;
}

void CallPanel::setPicture(const QImage& picture)
{
    m_picture = picture;
    update(m_pictures.toAlignedRect());
}

void CallPanel::setOwnPicture(const QImage& picture)
{
    m_own = picture;
    update(m_ownPlace.toAlignedRect());
}

QFont CallPanel::captionFont() const
{
    if (!m_call.picture) { // words are all there is
        return m_theme.font(m_theme.elder() ? m_theme.body() + 12 : m_theme.body());
    }
    return m_theme.font(m_theme.elder() ? m_theme.body() : m_theme.note() + 6);
}

/// Of the sign that the call is recorded; nothing: it is not.
QSizeF CallPanel::recordingSize() const
{
    const QFont note = m_theme.font(m_theme.note());
    const double row = note.pixelSize() * 1.3 + m_theme.px(kGap);
    return m_call.recording.isEmpty()
               ? QSizeF(0, 0)
               : QSizeF(widthOf(m_call.recording, note) + row + m_theme.px(kGap), row);
}

/// Where there is no picture, who is there stands beside that sign.
double CallPanel::whoHeight(double inner) const
{
    const auto sign = recordingSize();
    return std::max(sign.height(), kiosk::heightFor(m_call.who, m_theme.font(m_theme.note()),
                                                    inner - sign.width()));
}

double CallPanel::captionHeight(double width) const
{
    const double inner = width - 2 * m_theme.px(kPad);
    double height = 2 * m_theme.px(kGap) + kiosk::heightFor(m_call.caption, captionFont(), inner);
    if (!pictured()) {
        height += whoHeight(inner);
        if (!m_call.state.isEmpty()) {
            height += kiosk::heightFor(m_call.state, m_theme.font(m_theme.note()), inner);
        }
    }
    if (!m_call.own.isEmpty()) {
        height += kiosk::heightFor(m_call.own, m_theme.font(m_theme.note()), inner);
    }
    return height;
}

double CallPanel::placeButtons(double top, double width, bool place) const
{
    const int margin = m_theme.margin();
    const int gap = m_theme.px(kGap);
    const int high = m_theme.target() + m_theme.px(8);
    double left = margin;
    double line = top;
    for (auto* each : m_buttons) {
        const int wide = each->naturalWidth();
        if (left > margin && left + wide > width - margin) {
            left = margin;
            line += high + gap;
        }
        if (place) {
            const bool last = each == m_buttons.last();
            const int at = last ? static_cast<int>(width) - margin - wide : static_cast<int>(left);
            each->place({at, static_cast<int>(line), wide, high});
        }
        left += wide + gap;
    }
    return line + high;
}

double CallPanel::buttonsHeight(double width) const
{
    return placeButtons(0, width, false);
}

int CallPanel::heightFor(int width, int most) const
{
    const double inner = width - 2 * m_theme.margin();
    const double gap = m_theme.px(kGap);
    const double words = captionHeight(inner) + buttonsHeight(width) + 3 * gap;
    if (!pictured()) {
        return static_cast<int>(words);
    }
    const double picture = std::clamp<double>(inner * kShape, 0, std::max(0.0, most - words - gap));
    return static_cast<int>(words + picture + gap);
}

void CallPanel::layOutAgain()
{
    m_texts.clear();
    const double margin = m_theme.margin();
    const double gap = m_theme.px(kGap);
    const double pad = m_theme.px(kPad);
    const double inner = width() - 2 * margin;
    const double caption = captionHeight(inner);
    const double buttons = buttonsHeight(width());
    const QFont note = m_theme.font(m_theme.note());
    double top = gap;
    m_pictures = {};
    if (pictured()) {
        const double picture = height() - caption - buttons - 4 * gap;
        m_pictures = QRectF(margin, top, inner, std::max(0.0, picture));
        top += m_pictures.height() + gap;
        const double ownWidth = std::min(inner * kOwnShare, m_pictures.height() * 0.6);
        m_ownPlace =
            QRectF(m_pictures.right() - pad - ownWidth,
                   m_pictures.bottom() - pad - ownWidth * kShape, ownWidth, ownWidth * kShape);
        const double row = note.pixelSize() * 1.3 + gap;
        const auto who = m_call.state.isEmpty()
                             ? m_call.who
                             : m_call.who + QStringLiteral("  ·  ") + m_call.state;
        m_whoPlace = QRectF(m_pictures.left() + pad, m_pictures.top() + pad,
                            widthOf(who, note) + 2 * gap, row);
        m_texts.push_back({who, note, kLight, m_whoPlace, Qt::AlignCenter});
    }
    m_captionPlace = QRectF(margin, top, inner, caption);
    const QRectF words = m_captionPlace.adjusted(pad, gap, -pad, -gap);
    const auto sign = recordingSize();
    const QRectF place = pictured() ? m_pictures.adjusted(pad, pad, -pad, -pad) : words;
    m_recordingPlace = QRectF(QPointF(place.right() - sign.width(), place.top()), sign);
    if (!sign.isEmpty()) {
        m_texts.push_back({m_call.recording, note, kLight,
                           m_recordingPlace.adjusted(sign.height() * 0.7, 0, 0, 0),
                           Qt::AlignCenter});
    }
    double line = words.top();
    const auto add = [&](const QString& text, const QFont& font, const QColor& colour) {
        const double high = kiosk::heightFor(text, font, words.width());
        m_texts.push_back({text, font, colour, QRectF(words.left(), line, words.width(), high)});
        line += high;
    };
    const QColor soft(0xC9, 0xD1, 0xD6);
    if (!pictured()) {
        const double high = whoHeight(words.width());
        m_texts.push_back({m_call.who, note, soft,
                           QRectF(words.left(), line, words.width() - sign.width(), high)});
        line += high;
        if (!m_call.state.isEmpty()) {
            add(m_call.state, note, m_theme.colours().amberLine);
        }
    }
    add(m_call.caption, captionFont(), kLight);
    if (!m_call.own.isEmpty()) {
        add(m_call.own, note, soft);
    }
    placeButtons(m_captionPlace.bottom() + gap, width(), true);
    update();
}

QList<PressArea*> CallPanel::stops() const
{
    return {m_buttons.begin(), m_buttons.end()};
}

QStringList CallPanel::clippedTexts() const
{
    QStringList clipped;
    for (const auto& text : m_texts) {
        if (!text.text.isEmpty() && !fits(text)) {
            clipped.append(text.text);
        }
    }
    for (const auto* each : m_buttons) {
        clipped.append(each->clippedTexts());
    }
    return clipped;
}

void CallPanel::resizeEvent(QResizeEvent* /*event*/)
{
    layOutAgain();
}

void CallPanel::paintPictures(QPainter& painter) const
{
    const auto rounded = [](const QRectF& place, double radius) {
        QPainterPath path;
        path.addRoundedRect(place, radius, radius);
        return path;
    };
    const auto& colours = m_theme.colours();
    painter.save();
    painter.setClipPath(rounded(m_pictures, m_theme.radius()));
    painter.fillRect(m_pictures, kDark);
    if (m_picture.isNull()) {
        const double side = m_pictures.height() * 0.4;
        const QRectF figure(m_pictures.center() - QPointF(side / 2, side / 2), QSizeF(side, side));
        drawIcon(painter, QStringLiteral("person"), figure, QColor(0x5B, 0x64, 0x70));
    } else {
        painter.drawImage(m_pictures, m_picture, coveringPart(m_picture.size(), m_pictures.size()));
    }
    painter.restore();
    if (m_own.isNull()) {
        return;
    }
    painter.save();
    painter.setClipPath(rounded(m_ownPlace, m_theme.radius() / 2.0));
    painter.translate(2 * m_ownPlace.center().x(), 0); // as people expect of themselves
    painter.scale(-1, 1);
    painter.drawImage(m_ownPlace, m_own, coveringPart(m_own.size(), m_ownPlace.size()));
    painter.restore();
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.surface, m_theme.border()));
    painter.drawPath(rounded(m_ownPlace, m_theme.radius() / 2.0));
}

void CallPanel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const auto& colours = m_theme.colours();
    if (pictured()) {
        paintPictures(painter);
        paintPill(painter, m_whoPlace, QColor(0x1B, 0x1F, 0x23, 0xD0));
    }
    painter.setBrush(kDark);
    painter.setPen(m_theme.highContrast() ? QPen(colours.line, m_theme.border()) : QPen(Qt::NoPen));
    painter.drawRoundedRect(m_captionPlace, m_theme.radius() / 2.0, m_theme.radius() / 2.0);
    if (!m_recordingPlace.isEmpty()) {
        paintPill(painter, m_recordingPlace, kiosk::palette(false).red);
        const double dot = m_recordingPlace.height() * 0.3;
        painter.setBrush(kLight);
        painter.drawEllipse(QPointF(m_recordingPlace.left() + m_recordingPlace.height() * 0.5,
                                    m_recordingPlace.center().y()),
                            dot / 2 + 1, dot / 2 + 1);
    }
    for (const auto& text : m_texts) {
        draw(painter, text);
    }
}

} // namespace guichet::kiosk
