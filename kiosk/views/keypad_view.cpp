// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/keypad_view.h"

#include <QKeyEvent>

namespace guichet::kiosk {

KeypadView::KeypadView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
    , m_field(new DigitField(page.mask, theme, this))
    , m_keys(new DigitKeys(theme, this))
{
    for (ActionButton* key : m_keys->keys()) {
        addStop(key);
    }
    connect(m_keys, &DigitKeys::digit, m_field, &DigitField::add);
    connect(m_keys, &DigitKeys::erase, m_field, &DigitField::erase);
    connect(m_keys, &DigitKeys::clear, m_field, [this] { m_field->setDigits({}); });
    m_field->setDigits(page.typed);
    connect(m_field, &DigitField::changed, this, &PageView::layOutAgain);
}

void KeypadView::layOut(const QRectF& area)
{
    m_keys->setWords(page(), !m_field->digits().isEmpty());
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
    m_keys->place(body, 3, theme().px(theme().portrait() ? 20 : 12));
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
