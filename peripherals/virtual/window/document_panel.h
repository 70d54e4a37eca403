// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

#include "peripherals/virtual/document_server.h"

class QLabel;
class QPushButton;

namespace guichet::virtualdevices {

/// The A4 printer: its paper, its cover, its cable, and the last job. GUI thread.
class DocumentPanel final : public QFrame {
    Q_OBJECT

public:
    DocumentPanel(DocumentServer& server, QWidget* parent);
    void refresh();

private:
    DocumentServer& m_server;
    QPushButton* m_full;
    QPushButton* m_out;
    QPushButton* m_cover;
    QPushButton* m_unplugged;
    QLabel* m_note;
    QString m_refused;
};

} // namespace guichet::virtualdevices
