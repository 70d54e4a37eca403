// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/world_window.h"

#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "peripherals/virtual/window/cabinet_panel.h"
#include "peripherals/virtual/window/camera_panel.h"
#include "peripherals/virtual/window/card_panel.h"
#include "peripherals/virtual/window/document_panel.h"
#include "peripherals/virtual/window/hub_panel.h"
#include "peripherals/virtual/window/look.h"
#include "peripherals/virtual/window/printer_panel.h"
#include "peripherals/virtual/window/resident_panel.h"

namespace guichet::virtualdevices {

namespace {

constexpr int kLookEveryMs = 200;
constexpr int kTitleBar = 32;
constexpr int kWidth = 470; ///< beside a kiosk of 1080 on the demo's 1560

} // namespace

WorldWindow::WorldWindow(World& world)
    : m_card(new CardPanel(world.slot(), this))
    , m_resident(new ResidentPanel(world.resident(), this))
    , m_printer(new PrinterPanel(world.printer(), this))
    , m_document(new DocumentPanel(world.document(), this))
    , m_camera(new CameraPanel(world.camera(), this))
    , m_cabinet(new CabinetPanel(world.io(), this))
    , m_hub(world.relay() ? new HubPanel(*world.relay(), this) : nullptr)
{
    setObjectName(QStringLiteral("world"));
    setWindowTitle(bothWays("虚拟设备", "Virtual devices"));
    auto* table = new QWidget;
    table->setObjectName(QStringLiteral("table"));
    auto* layout = new QVBoxLayout(table);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(10);
    layout->addWidget(m_card);
    layout->addWidget(m_resident);
    layout->addWidget(m_printer, 1);
    layout->addWidget(m_document);
    layout->addWidget(m_camera);
    layout->addWidget(m_cabinet);
    if (m_hub) {
        layout->addWidget(m_hub);
    }
    // Scrolls where the screen is shorter than what lies on the table.
    auto* area = new QScrollArea;
    area->setObjectName(QStringLiteral("table"));
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(table);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(area);
    refresh();
    resize(kWidth,
           std::min(table->sizeHint().height(), screen()->availableSize().height() - kTitleBar));
    connect(&m_look, &QTimer::timeout, this, &WorldWindow::refresh);
    m_look.start(kLookEveryMs);
}

void WorldWindow::refresh()
{
    m_card->refresh();
    m_resident->refresh();
    m_printer->refresh();
    m_document->refresh();
    m_camera->refresh();
    m_cabinet->refresh();
    if (m_hub) {
        m_hub->refresh();
    }
}

} // namespace guichet::virtualdevices
