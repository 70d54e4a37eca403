// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/sign_view.h"

#include <algorithm>

namespace guichet::kiosk {

namespace {

constexpr double kPadProportion = 1.25; ///< width to height, at most so high

} // namespace

SignView::SignView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
    , m_pad(new SignPad(theme, page.kind == PageKind::Sign, this))
    , m_undo(addKey("undo"))
    , m_clear(addKey("clear"))
{
    m_pad->setStrokes(page.typed);
    connect(m_undo, &PressArea::clicked, m_pad, &SignPad::undo);
    connect(m_clear, &PressArea::clicked, m_pad, &SignPad::clear);
    connect(m_pad, &SignPad::changed, this, &PageView::layOutAgain);
}

ActionButton* SignView::addKey(const char* name)
{
    auto* const key = new ActionButton(ActionButton::Look::Plain, theme(), this);
    key->setObjectName(QStringLiteral("key/") + QLatin1String(name));
    addStop(key);
    return key;
}

void SignView::layOut(const QRectF& area)
{
    m_undo->setWord(page().erase, QStringLiteral("erase"));
    m_clear->setWord(page().clear);
    m_undo->setEnabled(!m_pad->empty());
    m_clear->setEnabled(!m_pad->empty());
    if (primary() != nullptr) {
        primary()->setEnabled(m_pad->written());
    }
    m_pad->setAccessibleName(page().title);
    const QRectF body = layOutFrame(area);
    const double gap = theme().px(24);
    const int each = static_cast<int>((body.width() - gap) / 2);
    const int keys = std::max(m_undo->heightFor(each), m_clear->heightFor(each));
    const double height = std::min(body.height() - keys - gap, body.width() / kPadProportion);
    m_pad->setGeometry(QRectF(body.left(), body.top(), body.width(), height).toAlignedRect());
    const int top = static_cast<int>(body.top() + height + gap);
    m_undo->place({static_cast<int>(body.left()), top, each, keys});
    m_clear->place({static_cast<int>(body.left() + each + gap), top, each, keys});
}

} // namespace guichet::kiosk
