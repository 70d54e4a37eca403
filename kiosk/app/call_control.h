// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <string>

#include "cloudbranch/assist/call_process.h"
#include "kiosk/app/assist_port.h"

namespace guichet::kiosk {

/// Picture and sound of an assist: has guichet-call make them as long as staff are with the
/// customer, hands its offers and candidates to the hub and the seat's answers back, and tells the
/// hub how it goes. Without the program, or where the line does not carry them, words remain. GUI
/// thread.
class CallControl : public QObject {
    Q_OBJECT

public:
    struct Settings {
        QString program; ///< empty: words only
        QStringList arguments = {};
        std::string camera;  ///< the camera's frames
        std::string picture; ///< where the picture of staff comes
    };
    enum class Media { None, Connecting, Up, Weak, Lost };

    CallControl(AssistPort& port, Settings settings, QObject* parent = nullptr);
    ~CallControl() override;

    [[nodiscard]] Media media() const { return m_media; }
    [[nodiscard]] bool video() const { return m_media != Media::None && m_mode == "video"; }
    [[nodiscard]] bool cameraOn() const { return m_cameraOn; }
    void setCameraOn(bool on);

signals:
    /// media(), video() or cameraOn() may have changed.
    void changed();
    /// What staff point at: an element of the page ("primary", "choice-2"); empty: nothing.
    void pointedAt(const QString& element);

private:
    void onPort();
    void onEvent(const nlohmann::json& event);
    void onSeat(const signalling::Signal& signal);
    void open();
    void connectPeer();
    void leavePeer();
    void close();
    void textOnly();
    void setMedia(Media media);

    AssistPort& m_port;
    const Settings m_settings;
    std::unique_ptr<assist::CallProcess> m_process;
    QTimer m_patience;        ///< until words must do
    std::string m_open;       ///< the assist that the process has open
    bool m_connected = false; ///< it was told to reach the seat
    std::string m_mode = "video";
    Media m_media = Media::None;
    bool m_cameraOn = true;
};

} // namespace guichet::kiosk
