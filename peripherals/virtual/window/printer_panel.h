// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

#include "peripherals/virtual/printer_server.h"

class QLabel;
class QPushButton;

namespace guichet::virtualdevices {

class PaperView;

/// The receipt printer: its paper, its troubles and what it printed. GUI thread.
class PrinterPanel final : public QFrame {
    Q_OBJECT

public:
    PrinterPanel(PrinterServer& printer, QWidget* parent);
    void refresh();

private:
    void connectButtons();

    PrinterServer& m_printer;
    QPushButton* m_full;
    QPushButton* m_low;
    QPushButton* m_out;
    QPushButton* m_cover;
    QPushButton* m_offline;
    QPushButton* m_jam;
    QPushButton* m_slow;
    QPushButton* m_cut;
    QPushButton* m_power;
    QPushButton* m_take;
    QLabel* m_note;
    PaperView* m_paper;
    QString m_refused;
};

} // namespace guichet::virtualdevices
