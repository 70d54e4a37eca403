// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/card_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "peripherals/virtual/chip.h"
#include "peripherals/virtual/window/card_choice.h"
#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

using namespace std::chrono_literals;

CardPanel::CardPanel(CardSlot& slot, QWidget* parent)
    : QFrame(parent)
    , m_slot(slot)
    , m_cards(new CardChoice(slotCards(), this))
    , m_pull(makeButton(bothWays("拔卡", "Pull"), this))
    , m_tearSoon(makeSwitch(bothWays("读卡中拔出", "Tear while read"), this))
    , m_mute(makeSwitch(bothWays("无应答", "Mute"), this))
    , m_note(makeNote(this))
{
    auto* layout = layOutPanel(this, bothWays("银行卡与护照", "Card or passport"), m_note);

    layout->addWidget(m_cards);
    connect(m_cards, &CardChoice::pressed, this, &CardPanel::press);

    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    m_pull->setObjectName(QStringLiteral("go"));
    row->addWidget(m_pull);
    row->addWidget(m_tearSoon);
    row->addWidget(m_mute);
    layout->addLayout(row);

    connect(m_pull, &QPushButton::clicked, this, [this] {
        m_slot.remove();
        refresh();
    });
    connect(m_tearSoon, &QPushButton::clicked, this, [this] {
        m_slot.tearAfter(m_slot.state().apdus + 2, true);
        refresh();
    });
    connect(m_mute, &QPushButton::clicked, this, [this](bool on) {
        m_slot.mute(on ? std::optional(0U) : std::nullopt);
        refresh();
    });
}

void CardPanel::press(const std::string& card)
{
    const auto inside = m_slot.state().card;
    m_slot.remove();
    if (inside != card) {
        if (auto chosen = makeSlotCard(card)) {
            (void)m_slot.insert(std::move(*chosen), 0ms); // the driver's absence shows in the note
        }
    }
    refresh();
}

void CardPanel::refresh()
{
    const auto state = m_slot.state();
    const bool inside = !state.card.empty();
    m_cards->setUsed(state.card);
    m_pull->setEnabled(inside);
    m_tearSoon->setEnabled(inside);
    m_tearSoon->setChecked(state.tearAfter.has_value());
    m_mute->setEnabled(inside);
    m_mute->setChecked(state.muteAt.has_value());
    if (!inside) {
        m_note->setText(bothWays("未插卡", "no card"));
    } else if (!state.connected) {
        m_note->setText(bothWays("等待读卡器", "waiting for the reader"));
    } else {
        m_note->setText(bothWays("已插入", "in the reader") +
                        QStringLiteral(" · %1 APDU").arg(state.apdus));
    }
}

} // namespace guichet::virtualdevices
