// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <set>
#include <string>

#include "cloudbranch/assist/call_process.h"
#include "cloudbranch/assist/terminal_call.h"
#include "kiosk/app/assist_port.h"
#include "kiosk/models/call.h"

namespace guichet::kiosk {

/// Picture and sound of an assist: between the hub's line, guichet-call and the customer, as
/// assist::TerminalCall decides. Where the program is missing, or the line does not carry them,
/// words remain. GUI thread.
class CallControl : public QObject {
    Q_OBJECT

public:
    using Media = assist::TerminalCall::Media;
    struct Settings {
        QString program; ///< empty: words only
        QStringList arguments = {};
        assist::TerminalCall::Settings call = {};
    };

    CallControl(AssistPort& port, Settings settings, QObject* parent = nullptr);
    ~CallControl() override;

    [[nodiscard]] Media media() const { return m_call.media(); }
    [[nodiscard]] bool video() const { return m_call.video(); }
    [[nodiscard]] bool cameraOn() const { return m_call.cameraOn(); }
    [[nodiscard]] bool recording() const { return m_call.recording(); }
    [[nodiscard]] std::string recorded() const { return m_call.recorded(); }
    /// Cases that are being recorded, or will be again in a moment.
    [[nodiscard]] std::set<std::string> written() const { return m_call.written(); }
    /// The customer is ready to be seen and heard by who has answered; `recorded`: and agreed to be
    /// recorded. No picture or sound of them leaves the terminal before.
    void begin(bool recorded);
    void setCameraOn(bool on);
    /// Hands guichet-call a command for the record; false: it is not there.
    bool record(const nlohmann::json& command);

signals:
    /// How loud the customer's side was in the last half second, in dB below the loudest.
    void sounded(double level);
    /// What `record` asked to be kept, by its id, is on the disk.
    void kept(const QString& id);
    /// media(), video(), cameraOn(), recording() or written() has changed: before guichet-call
    /// hears of it.
    void changed();
    void pointedAt(const guichet::kiosk::Pointed& pointed);

private:
    /// What others may see of it.
    struct Look {
        Media media = Media::None;
        bool video = false;
        bool cameraOn = true;
        bool recording = false;
        std::set<std::string> written = {};

        [[nodiscard]] bool operator==(const Look&) const = default;
    };

    void onPort();
    void onEvent(const nlohmann::json& event);
    /// Says what is to be said after each change.
    void goOn();

    AssistPort& m_port;
    assist::TerminalCall m_call;
    Look m_look;
    QTimer m_patience; ///< until words must do
    std::unique_ptr<assist::CallProcess> m_process;
};

} // namespace guichet::kiosk
