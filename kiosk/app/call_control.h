// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <string>

#include "cloudbranch/assist/call_process.h"
#include "kiosk/app/assist_port.h"
#include "kiosk/models/call.h"

namespace guichet::kiosk {

/// Picture and sound of an assist: has guichet-call make them as long as staff are with the
/// customer, hands its offers and candidates to the hub and the seat's answers back, and tells the
/// hub how it goes. Without the program, or where the line does not carry them, words remain. GUI
/// thread.
class CallControl : public QObject {
    Q_OBJECT

public:
    /// How a call is recorded: cloudbranch/call's `record`.
    struct Recording {
        std::string root;      ///< a folder of cases
        std::string terminal;  ///< by its name at the hub
        std::string recipient; ///< a PEM file: the public key of who may open it
        std::string signer;    ///< a PEM file: the terminal's private key; empty: nobody vouches
    };
    struct Settings {
        QString program; ///< empty: words only
        QStringList arguments = {};
        std::string camera;  ///< the camera's frames
        std::string picture; ///< where the picture of staff comes
        std::optional<Recording> recording = {};
    };
    enum class Media { None, Connecting, Up, Weak, Lost };

    CallControl(AssistPort& port, Settings settings, QObject* parent = nullptr);
    ~CallControl() override;

    [[nodiscard]] Media media() const { return m_media; }
    [[nodiscard]] bool video() const { return m_media != Media::None && m_mode == "video"; }
    [[nodiscard]] bool cameraOn() const { return m_cameraOn; }
    [[nodiscard]] bool recording() const { return m_recording; }
    /// The case that is being recorded, or will be again in a moment; empty: none.
    [[nodiscard]] const std::string& recorded() const { return m_recorded; }
    /// The customer is ready to be seen and heard by who has answered; `recorded`: and agreed to be
    /// recorded, which needs Settings::recording. No picture or sound of them leaves the terminal
    /// before.
    void begin(bool recorded);
    void setCameraOn(bool on);

signals:
    /// media(), video(), cameraOn(), recording() or recorded() may have changed.
    void changed();
    void pointedAt(const guichet::kiosk::Pointed& pointed);

private:
    void onPort();
    void onEvent(const nlohmann::json& event);
    void onSeat(const signalling::Signal& signal);
    void open();
    void connectPeer();
    void leavePeer();
    void close();
    void onOpened();
    void onOpenFailed();
    void letGo();
    void textOnly();
    void setMedia(Media media);

    AssistPort& m_port;
    const Settings m_settings;
    std::unique_ptr<assist::CallProcess> m_process;
    QTimer m_patience; ///< until words must do
    std::string m_recorded;
    bool m_held = false;      ///< by the process, which writes to it
    std::string m_open;       ///< the assist that the process has open
    bool m_connected = false; ///< it was told to reach the seat
    std::string m_mode = "video";
    Media m_media = Media::None;
    bool m_cameraOn = true;
    bool m_begun = false;
    bool m_record = false;    ///< the customer agreed
    bool m_recording = false; ///< it is being done
    bool m_wordsOnly = false; ///< there is no recording, so there is nothing to record
};

} // namespace guichet::kiosk
