// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

#include "kiosk/app/guide_lights.h"
#include "kiosk/app/kiosk_config.h"
#include "kiosk/app/tones.h"
#include "kiosk/engine/journey_machine.h"
#include "kiosk/engine/pages.h"

namespace guichet::queue {
struct QueueStatus;
}

namespace guichet::kiosk {

class DevicePort;
class HubPort;
class KioskWindow;
class StaffLink;
class TerminalEffects;

/// One customer after another: runs a machine for each, shows its pages, and keeps what is live on
/// them (queue, devices, time) current. GUI thread.
class KioskSession : public QObject {
    Q_OBJECT

public:
    /// They outlive it.
    struct Parts {
        const KioskConfig& config;
        const Journeys& journeys;
        Journal& journal;
        TerminalEffects& effects;
        HubPort& hub;
        DevicePort& devices;
        StaffLink& staff;
        KioskWindow& window;
    };
    explicit KioskSession(const Parts& parts, QObject* parent = nullptr);
    ~KioskSession() override;

    /// Goes on with the session in `records`, or waits for a customer. False: no journey loads, and
    /// the log says why.
    [[nodiscard]] bool begin(const std::vector<QByteArray>& records);

private:
    void onFrameIntent(const QString& what);
    void onActivity();
    void onQueue(const queue::QueueStatus& status);
    void resume(const StoredSession& session);
    void onEnded();
    void waitForCustomer();
    void learnOutlet();
    void step();
    void show();
    void showFrame();
    void sound(const Page& page);
    /// With what another journey handed over. False: it does not load, and the log says why.
    [[nodiscard]] bool makeMachine(const QString& task, const QVariantMap& handed = {});

    const KioskConfig& m_config;
    const Journeys& m_journeys;
    const Journey* m_journey; ///< the one under way
    Journal& m_journal;
    TerminalEffects& m_effects;
    HubPort& m_hub;
    DevicePort& m_devices;
    StaffLink& m_staff;
    KioskWindow& m_window;
    std::unique_ptr<JourneyMachine> m_machine;
    TonePlayer m_tones;
    GuideLights m_lights;
    Live m_live;
    QTimer m_second;
    QTimer m_busy;     ///< a wait that is short is not shown as a page of its own
    QTimer m_activity; ///< touches that press nothing count at most this often
    QString m_step;
    QString m_heardStep;    ///< the page whose tone was played
    QString m_heardOverlay; ///< and the one that covers it for a while
    QDateTime m_heard;      ///< the queue last
};

} // namespace guichet::kiosk
