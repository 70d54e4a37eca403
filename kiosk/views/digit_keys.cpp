// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/digit_keys.h"

#include <algorithm>

#include "kiosk/models/page.h"

namespace guichet::kiosk {

namespace {

/// Which of the twelve places of a telephone's keys each one has.
constexpr int kClear = 9, kErase = 11;
constexpr int kHighest = 170;

} // namespace

DigitKeys::DigitKeys(const Theme& theme, QWidget* view)
    : QObject(view)
    , m_theme(theme)
    , m_view(view)
{
    for (const char sign : {'1', '2', '3', '4', '5', '6', '7', '8', '9', 'c', '0', 'e'}) {
        if (sign == 'c') {
            connect(addKey(QStringLiteral("clear")), &PressArea::clicked, this, &DigitKeys::clear);
        } else if (sign == 'e') {
            connect(addKey(QStringLiteral("erase")), &PressArea::clicked, this, &DigitKeys::erase);
        } else {
            const QLatin1Char key(sign);
            auto* const button = addKey(QChar(key));
            button->setWord(QChar(key));
            connect(button, &PressArea::clicked, this, [this, key] { emit digit(key); });
        }
    }
}

ActionButton* DigitKeys::addKey(const QString& name)
{
    auto* const key = new ActionButton(ActionButton::Look::Key, m_theme, m_view);
    key->setObjectName(QStringLiteral("key/") + name);
    m_keys.append(key);
    return key;
}

void DigitKeys::setWords(const Page& page, bool erasable)
{
    m_keys[kClear]->setWord(page.clear);
    m_keys[kErase]->setWord({}, QStringLiteral("erase"), page.erase);
    m_keys[kClear]->setEnabled(erasable);
    m_keys[kErase]->setEnabled(erasable);
}

void DigitKeys::place(const QRectF& area, int columns, int gap)
{
    const int rows = static_cast<int>(m_keys.size()) / columns;
    const int width = (static_cast<int>(area.width()) - (columns - 1) * gap) / columns;
    const int height =
        std::min((static_cast<int>(area.height()) - (rows - 1) * gap) / rows, m_theme.px(kHighest));
    const int left = static_cast<int>(area.left());
    const int top = static_cast<int>(area.top());
    for (int i = 0; i < m_keys.size(); ++i) {
        m_keys[i]->place({left + i % columns * (width + gap), top + i / columns * (height + gap),
                          width, height});
    }
}

} // namespace guichet::kiosk
