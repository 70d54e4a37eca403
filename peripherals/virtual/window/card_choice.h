// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "peripherals/virtual/chip.h"

class QPushButton;

namespace guichet::virtualdevices {

/// Cards on the table, three in a row; the one that is in use stays down. GUI thread.
class CardChoice final : public QWidget {
    Q_OBJECT

public:
    CardChoice(const std::vector<CardTitle>& cards, QWidget* parent);
    /// Empty: none is in use.
    void setUsed(const std::string& card);

signals:
    void pressed(const std::string& card);

private:
    struct Choice {
        std::string name;
        QPushButton* button;
    };
    std::vector<Choice> m_choices;
};

} // namespace guichet::virtualdevices
