// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

#include "peripherals/virtual/relay.h"

class QLabel;
class QPushButton;

namespace guichet::virtualdevices {

/// The cable to the hub. GUI thread.
class HubPanel final : public QFrame {
    Q_OBJECT

public:
    HubPanel(Relay& relay, QWidget* parent);
    void refresh();

private:
    void set(Relay::Line line);

    Relay& m_relay;
    QPushButton* m_whole;
    QPushButton* m_cut;
    QPushButton* m_silent;
    QLabel* m_note;
    QString m_refused;
};

} // namespace guichet::virtualdevices
