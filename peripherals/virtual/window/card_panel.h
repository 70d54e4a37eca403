// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>
#include <string>

#include "peripherals/virtual/card_slot.h"

class QLabel;
class QPushButton;

namespace guichet::virtualdevices {

class CardChoice;

/// The cards on the table: a press puts one in, the next press pulls it. GUI thread.
class CardPanel final : public QFrame {
    Q_OBJECT

public:
    CardPanel(CardSlot& slot, QWidget* parent);
    void refresh();

private:
    void press(const std::string& card);

    CardSlot& m_slot;
    CardChoice* m_cards;
    QPushButton* m_pull;
    QPushButton* m_tearSoon;
    QPushButton* m_mute;
    QLabel* m_note;
};

} // namespace guichet::virtualdevices
