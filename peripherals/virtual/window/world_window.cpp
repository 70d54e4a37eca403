// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/world_window.h"

#include <QVBoxLayout>

#include "peripherals/virtual/window/camera_panel.h"
#include "peripherals/virtual/window/card_panel.h"
#include "peripherals/virtual/window/hub_panel.h"
#include "peripherals/virtual/window/look.h"
#include "peripherals/virtual/window/printer_panel.h"
#include "peripherals/virtual/window/resident_panel.h"

namespace guichet::virtualdevices {

namespace {

constexpr int kLookEveryMs = 200;

} // namespace

WorldWindow::WorldWindow(World& world)
    : m_card(new CardPanel(world.slot(), this))
    , m_resident(new ResidentPanel(world.resident(), this))
    , m_printer(new PrinterPanel(world.printer(), this))
    , m_camera(new CameraPanel(world.camera(), this))
    , m_hub(world.relay() ? new HubPanel(*world.relay(), this) : nullptr)
{
    setObjectName(QStringLiteral("world"));
    setWindowTitle(bothWays("虚拟设备", "Virtual devices"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(10);
    layout->addWidget(m_card);
    layout->addWidget(m_resident);
    layout->addWidget(m_printer, 1);
    layout->addWidget(m_camera);
    if (m_hub) {
        layout->addWidget(m_hub);
    }
    resize(440, 1100);
    connect(&m_look, &QTimer::timeout, this, &WorldWindow::refresh);
    m_look.start(kLookEveryMs);
    refresh();
}

void WorldWindow::refresh()
{
    m_card->refresh();
    m_resident->refresh();
    m_printer->refresh();
    m_camera->refresh();
    if (m_hub) {
        m_hub->refresh();
    }
}

} // namespace guichet::virtualdevices
