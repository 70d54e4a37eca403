// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QScrollArea>
#include <tuple>
#include <vector>

#include "peripherals/virtual/printer_server.h"

class QVBoxLayout;

namespace guichet::virtualdevices {

/// Pictures of the printed tickets, newest first; taken ones are pale. GUI thread.
class PaperView final : public QScrollArea {
    Q_OBJECT

public:
    explicit PaperView(QWidget* parent);
    void showTickets(const std::vector<Ticket>& tickets);

private:
    void add(const Ticket& ticket);

    QWidget* m_roll;
    QVBoxLayout* m_layout;
    std::vector<std::tuple<unsigned, bool, PaperPlace>>
        m_shown; ///< number and whether it was taken
};

} // namespace guichet::virtualdevices
