// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/cabinet_panel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>
#include <array>

#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

namespace {

struct Words {
    const char* chinese;
    const char* english;
};
/// In the order of the demo's inputs and coils.
constexpr std::array kInputs{
    Words{"撬动", "Tampered"},       Words{"前门开", "Front door"}, Words{"侧录器", "Skimmer"},
    Words{"市电断", "Mains failed"}, Words{"耳机", "Headset"},      Words{"呼叫", "Call button"},
};
constexpr std::array kLights{
    Words{"读卡", "Card"}, Words{"凭条", "Receipt"}, Words{"扫描", "Scanner"},
    Words{"A4", "A4"},     Words{"正常", "Good"},    Words{"故障", "Bad"},
};

} // namespace

CabinetPanel::CabinetPanel(IoServer& server, QWidget* parent)
    : QFrame(parent)
    , m_server(server)
    , m_note(makeNote(this))
{
    auto* layout = layOutPanel(this, bothWays("机柜与指示灯", "Cabinet and lights"), m_note);
    auto* grid = new QGridLayout;
    grid->setSpacing(6);
    for (std::size_t i = 0; i < kInputs.size(); ++i) {
        auto* button = makeSwitch(bothWays(kInputs.at(i).chinese, kInputs.at(i).english), this);
        const auto place = static_cast<int>(i);
        grid->addWidget(button, place / 3, place % 3);
        connect(button, &QPushButton::clicked, this, [this, i](bool on) {
            m_server.setInput(i, on);
            refresh();
        });
        m_inputs.push_back(button);
    }
    layout->addLayout(grid);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    for (const auto& light : kLights) {
        auto* label = new QLabel(QString::fromUtf8(light.chinese), this);
        label->setToolTip(QString::fromUtf8(light.english));
        label->setAlignment(Qt::AlignCenter);
        label->setObjectName(QStringLiteral("light"));
        row->addWidget(label);
        m_lights.push_back(label);
    }
    layout->addLayout(row);
}

void CabinetPanel::refresh()
{
    const auto state = m_server.state();
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        m_inputs[i]->setChecked(state.inputs.at(i));
    }
    for (std::size_t i = 0; i < m_lights.size(); ++i) {
        if (m_lights[i]->property("lit").toBool() != state.coils.at(i)) {
            m_lights[i]->setProperty("lit", state.coils.at(i));
            m_lights[i]->style()->polish(m_lights[i]);
        }
    }
    m_note->setText(state.hosts > 0 ? bothWays("已连接", "connected") : bothWays("空闲", "idle"));
}

} // namespace guichet::virtualdevices
