// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>
#include <string>
#include <vector>

#include "peripherals/virtual/resident_server.h"

class QLabel;
class QPushButton;

namespace guichet::virtualdevices {

class CardChoice;

/// The identity cards on the table: a press lays one on the reader, the next press takes it away.
/// GUI thread.
class ResidentPanel final : public QFrame {
    Q_OBJECT

public:
    ResidentPanel(ResidentServer& reader, QWidget* parent);
    void refresh();

private:
    void press(const std::string& card);
    [[nodiscard]] QPushButton* faultSwitch(const QString& text, SdtReader::Fault fault);

    struct FaultChoice {
        SdtReader::Fault fault;
        QPushButton* button;
    };

    ResidentServer& m_reader;
    CardChoice* m_cards;
    std::vector<FaultChoice> m_faults;
    QPushButton* m_unplugged;
    QLabel* m_note;
    QString m_refused;
};

} // namespace guichet::virtualdevices
