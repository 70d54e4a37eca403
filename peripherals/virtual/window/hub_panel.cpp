// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/hub_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

HubPanel::HubPanel(Relay& relay, QWidget* parent)
    : QFrame(parent)
    , m_relay(relay)
    , m_whole(makeSwitch(bothWays("接通", "Connected"), this))
    , m_cut(makeSwitch(bothWays("切断", "Cut"), this))
    , m_silent(makeSwitch(bothWays("无响应", "Silent"), this))
    , m_note(makeNote(this))
{
    m_whole->setObjectName(QStringLiteral("good"));
    auto* layout = layOutPanel(this, bothWays("网点服务器线路", "Line to the hub"), m_note);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_whole);
    row->addWidget(m_cut);
    row->addWidget(m_silent);
    layout->addLayout(row);
    connect(m_whole, &QPushButton::clicked, this, [this] { set(Relay::Line::Whole); });
    connect(m_cut, &QPushButton::clicked, this, [this] { set(Relay::Line::Cut); });
    connect(m_silent, &QPushButton::clicked, this, [this] { set(Relay::Line::Silent); });
}

void HubPanel::set(Relay::Line line)
{
    const auto done = m_relay.set(line);
    m_refused = done ? QString() : QString::fromStdString(done.error().detail);
    refresh();
}

void HubPanel::refresh()
{
    const auto state = m_relay.state();
    m_whole->setChecked(state.line == Relay::Line::Whole);
    m_cut->setChecked(state.line == Relay::Line::Cut);
    m_silent->setChecked(state.line == Relay::Line::Silent);
    m_note->setText(
        m_refused.isEmpty()
            ? QStringLiteral("%1 %2").arg(state.connections).arg(bothWays("条连接", "connections"))
            : m_refused);
}

} // namespace guichet::virtualdevices
