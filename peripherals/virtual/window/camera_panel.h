// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

#include "peripherals/virtual/camera_server.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace guichet::virtualdevices {

/// What is held before the camera: a pasted text as a code on a phone, or nothing. GUI thread.
class CameraPanel final : public QFrame {
    Q_OBJECT

public:
    CameraPanel(CameraServer& camera, QWidget* parent);
    void refresh();

private:
    void holdUp();
    void plug(bool in);

    CameraServer& m_camera;
    QLineEdit* m_text;
    QPushButton* m_show;
    QPushButton* m_clear;
    QPushButton* m_inverted;
    QPushButton* m_dark;
    QPushButton* m_unplugged;
    QLabel* m_note;
    QString m_refused;
};

} // namespace guichet::virtualdevices
