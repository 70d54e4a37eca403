// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <QObject>
#include <optional>
#include <set>
#include <string>

#include "cloudbranch/assist/terminal_case.h"
#include "kiosk/app/case_notes.h"
#include "kiosk/app/kiosk_config.h"
#include "kiosk/models/page.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/sealing.h"

namespace guichet::bank {
struct EvidenceContent;
}

namespace guichet::kiosk {

class AssistPort;
class BankEffects;
class CallControl;
class CameraPicture;
class DevicePort;
class KioskWindow;
class StaffLink;
class TerminalEffects;

/// Writes down, while a call is recorded, what went on beside picture and sound: pages and forms as
/// the customer saw and confirmed them, with pictures of the screen; signatures, documents and
/// faces; what staff asked for and approved, and what came of it; devices that went and came back;
/// and how long the case is kept. GUI thread.
class CaseWatch : public QObject {
    Q_OBJECT

public:
    /// They outlive it.
    struct Parts {
        const KioskConfig& config;
        KioskWindow& window;
        DevicePort& devices;
        AssistPort& assist;
        CallControl& call;
        CameraPicture& camera;
        StaffLink& staff;
        TerminalEffects& effects;
        BankEffects& bank;
    };
    explicit CaseWatch(const Parts& parts, QObject* parent = nullptr);

    /// What else belongs into the case.
    [[nodiscard]] CaseNotes& notes() { return m_notes; }
    /// Keeps the case at least as long as the outlet's class of that name says; of a name that the
    /// outlet does not have nothing is known, and the case is kept until somebody decides.
    void retain(const std::string& name);

private:
    void onCall();
    void onPage(const Page& page);
    void onPressed(const QString& event, const QString& value);
    void onGathered(const bank::EvidenceContent& content);
    void onStaff();
    void onRequest(const assist::TerminalCase::Request& request);
    void onAnswered(const assist::TerminalCase::Request& request, const std::string& outcome);
    void device(const char* name, bool ready);
    [[nodiscard]] QByteArray screen() const;
    [[nodiscard]] QString language() const;

    Parts m_parts;
    const SystemClock m_clock;
    CaseNotes m_notes;
    std::optional<SealingKey> m_seal;
    std::string m_case;
    QString m_page;                   ///< that was written down last
    QImage m_seen;                    ///< by the camera, on a page that shows it
    std::set<std::string> m_requests; ///< that were written down
    std::size_t m_approvals = 0;
    std::size_t m_sayings = 0;
};

} // namespace guichet::kiosk
