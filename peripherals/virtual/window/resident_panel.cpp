// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/resident_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "peripherals/virtual/window/card_choice.h"
#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

using Fault = SdtReader::Fault;

namespace {

std::vector<CardTitle> titles()
{
    std::vector<CardTitle> list;
    for (const auto& card : knownResidentCards()) {
        list.push_back({card.name, card.titleEn, card.titleZh});
    }
    return list;
}

} // namespace

ResidentPanel::ResidentPanel(ResidentServer& reader, QWidget* parent)
    : QFrame(parent)
    , m_reader(reader)
    , m_cards(new CardChoice(titles(), this))
    , m_unplugged(makeSwitch(bothWays("拔线", "Unplugged"), this))
    , m_note(makeNote(this))
{
    auto* layout = layOutPanel(this, bothWays("身份证", "Identity card"), m_note);

    layout->addWidget(m_cards);
    connect(m_cards, &CardChoice::pressed, this, &ResidentPanel::press);

    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(faultSwitch(bothWays("卡片移动", "Card moves"), Fault::CardMoves));
    row->addWidget(faultSwitch(bothWays("无应答", "Mute"), Fault::Mute));
    row->addWidget(m_unplugged);
    layout->addLayout(row);
    connect(m_unplugged, &QPushButton::clicked, this, [this](bool out) {
        const auto done = m_reader.plug(!out);
        m_refused = done ? QString() : QString::fromStdString(done.error().detail);
        refresh();
    });
}

QPushButton* ResidentPanel::faultSwitch(const QString& text, Fault fault)
{
    auto* button = makeSwitch(text, this);
    connect(button, &QPushButton::clicked, this, [this, fault](bool on) {
        m_reader.set(on ? fault : Fault::None);
        refresh();
    });
    m_faults.push_back({fault, button});
    return button;
}

void ResidentPanel::press(const std::string& card)
{
    const auto there = m_reader.state().card;
    m_reader.remove();
    if (const auto* profile = there != card ? findResidentCard(card) : nullptr) {
        m_reader.place(*profile);
    }
    refresh();
}

void ResidentPanel::refresh()
{
    const auto state = m_reader.state();
    m_cards->setUsed(state.card);
    for (const auto& choice : m_faults) {
        choice.button->setChecked(choice.fault == state.fault);
    }
    m_unplugged->setChecked(!state.plugged);
    if (!m_refused.isEmpty()) {
        m_note->setText(m_refused);
    } else if (!state.plugged) {
        m_note->setText(bothWays("已拔线", "unplugged"));
    } else if (state.card.empty()) {
        m_note->setText(bothWays("未放卡", "no card"));
    } else {
        m_note->setText(bothWays("已放上", "on the reader") +
                        QStringLiteral(" · %1×").arg(state.readings));
    }
}

} // namespace guichet::virtualdevices
