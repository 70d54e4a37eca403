// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTimer>
#include <QWidget>

#include "peripherals/virtual/world.h"

namespace guichet::virtualdevices {

class CabinetPanel;
class CameraPanel;
class CardPanel;
class DocumentPanel;
class PrinterPanel;
class HubPanel;
class ResidentPanel;

/// "Play the world": one small window for everything that a customer or an accident does. It looks
/// at the world five times a second, because the control API changes it too. GUI thread.
class WorldWindow final : public QWidget {
    Q_OBJECT

public:
    explicit WorldWindow(World& world);

private:
    void refresh();

    CardPanel* m_card;
    ResidentPanel* m_resident;
    PrinterPanel* m_printer;
    DocumentPanel* m_document;
    CameraPanel* m_camera;
    CabinetPanel* m_cabinet;
    HubPanel* m_hub;
    QTimer m_look;
};

} // namespace guichet::virtualdevices
