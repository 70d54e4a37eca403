// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>
#include <vector>

#include "peripherals/virtual/io_server.h"

class QLabel;
class QPushButton;

namespace guichet::virtualdevices {

/// The terminal's housing, as the demo wires it: doors and sensors to switch, lights to see. GUI
/// thread.
class CabinetPanel final : public QFrame {
    Q_OBJECT

public:
    CabinetPanel(IoServer& server, QWidget* parent);
    void refresh();

private:
    IoServer& m_server;
    std::vector<QPushButton*> m_inputs; ///< by number
    std::vector<QLabel*> m_lights;      ///< by coil
    QLabel* m_note;
};

} // namespace guichet::virtualdevices
