// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/keypad_view.h"

#include <QKeyEvent>
#include <algorithm>

namespace guichet::kiosk {

namespace {

constexpr int kColumns = 3, kRows = 4;
/// Which of the twelve places of a telephone's keys each one has: 1 to 9, clear, 0, erase.
constexpr int kErase = 11, kClear = 9;

} // namespace

KeypadView::KeypadView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
    , m_field(new DigitField(page.mask, theme, this))
{
    const auto addKey = [this](const QString& name, auto pressed) {
        auto* const key = new ActionButton(ActionButton::Look::Key, this->theme(), this);
        key->setObjectName(QStringLiteral("key/") + name);
        connect(key, &PressArea::clicked, m_field, pressed);
        m_keys.append(key);
        addStop(key);
        return key;
    };
    const auto addDigit = [this, &addKey](QLatin1Char digit) {
        addKey(QChar(digit), [this, digit] { m_field->add(digit); })->setWord(QChar(digit));
    };
    for (char digit = '1'; digit <= '9'; ++digit) {
        addDigit(QLatin1Char(digit));
    }
    addKey(QStringLiteral("clear"), [this] { m_field->setDigits({}); });
    addDigit(QLatin1Char('0'));
    addKey(QStringLiteral("erase"), [this] { m_field->erase(); });
    m_field->setDigits(page.typed);
    connect(m_field, &DigitField::changed, this, &PageView::layOutAgain);
}

void KeypadView::layOut(const QRectF& area)
{
    m_keys[kClear]->setWord(page().clear);
    m_keys[kErase]->setWord({}, QStringLiteral("erase"), page().erase);
    for (const int key : {kClear, kErase}) {
        m_keys[key]->setEnabled(!m_field->digits().isEmpty());
    }
    if (primary() != nullptr) {
        primary()->setEnabled(m_field->full());
    }
    QRectF body = layOutFrame(area);
    if (theme().portrait()) {
        const int height = m_field->heightFor(static_cast<int>(body.width()));
        m_field->setGeometry(QRectF(body.left(), body.top(), body.width(), height).toRect());
        body.setTop(body.top() + height + theme().px(32));
    } else {
        const double width = body.left() - area.left() - theme().px(72);
        const int height = m_field->heightFor(static_cast<int>(width));
        m_field->setGeometry(QRectF(area.left(), area.bottom() - height, width, height).toRect());
    }
    const int gap = theme().px(theme().portrait() ? 20 : 12);
    const int width = (static_cast<int>(body.width()) - (kColumns - 1) * gap) / kColumns;
    const int height =
        std::min((static_cast<int>(body.height()) - (kRows - 1) * gap) / kRows, theme().px(170));
    const int left = static_cast<int>(body.left());
    const int top = static_cast<int>(body.top());
    for (int i = 0; i < m_keys.size(); ++i) {
        m_keys[i]->place({left + i % kColumns * (width + gap), top + i / kColumns * (height + gap),
                          width, height});
    }
}

void KeypadView::paintBody(QPainter& /*painter*/) {}

void KeypadView::keyPressEvent(QKeyEvent* event)
{
    const auto text = event->text();
    if (event->key() == Qt::Key_Backspace) {
        m_field->erase();
    } else if (text.size() == 1 && text.at(0) >= QLatin1Char('0') &&
               text.at(0) <= QLatin1Char('9')) {
        m_field->add(text.at(0));
    } else {
        PageView::keyPressEvent(event);
    }
}

Choice KeypadView::primaryChoice() const
{
    auto choice = PageView::primaryChoice();
    choice.value = m_field->digits();
    return choice;
}

} // namespace guichet::kiosk
