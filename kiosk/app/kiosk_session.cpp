// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/kiosk_session.h"

#include <QCoreApplication>
#include <QLoggingCategory>
#include <chrono>

#include "kiosk/app/device_port.h"
#include "kiosk/app/hub_port.h"
#include "kiosk/app/staff_link.h"
#include "kiosk/app/terminal_effects.h"
#include "kiosk/views/kiosk_window.h"

Q_LOGGING_CATEGORY(lcSession, "kiosk.session")

namespace guichet::kiosk {

namespace {

constexpr std::chrono::milliseconds kBusyDelay{150};
constexpr std::chrono::seconds kActivityPause{5};
constexpr std::chrono::seconds kDevicesWait{5}; ///< before a session is resumed without them

} // namespace

KioskSession::KioskSession(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_config(parts.config)
    , m_journeys(parts.journeys)
    , m_journey(&parts.journeys.at(kFirstTask))
    , m_journal(parts.journal)
    , m_effects(parts.effects)
    , m_hub(parts.hub)
    , m_devices(parts.devices)
    , m_staff(parts.staff)
    , m_window(parts.window)
    , m_tones(parts.config.sound)
    , m_lights(parts.config.publisherHost, parts.config.publisherPort)
{
    m_live.hub = false;
    m_live.printer = m_devices.printerReady();
    m_live.reader = m_devices.readerReady();
    m_live.camera = m_devices.cameraReady();
    connect(&m_window, &KioskWindow::intent, this,
            [this](const QString& event, const QString& value) {
                if (!m_staff.takes(event, value)) {
                    m_machine->submit(event, value);
                }
            });
    connect(&m_staff, &StaffLink::changed, this, [this] { show(); });
    connect(&m_window, &KioskWindow::frameIntent, this, &KioskSession::onFrameIntent);
    connect(&m_window, &KioskWindow::activity, this, &KioskSession::onActivity);
    connect(&m_hub, &HubPort::queueChanged, this, &KioskSession::onQueue);
    connect(&m_hub, &HubPort::connectedChanged, this, [this](bool connected) {
        m_live.hub = connected;
        if (!connected) {
            m_live.waiting = -1;
            m_live.services.clear();
        } else if (m_effects.outlet(QStringLiteral("en")).isEmpty()) {
            learnOutlet();
        }
        show();
    });
    connect(&m_devices, &DevicePort::cameraChanged, this, [this](bool ready) {
        m_live.camera = ready;
        show();
    });
    connect(&m_devices, &DevicePort::printerChanged, this, [this](bool ready) {
        m_live.printer = ready;
        show();
    });
    connect(&m_devices, &DevicePort::readerChanged, this, [this](bool ready) {
        m_live.reader = ready;
        show();
    });
    connect(&m_devices, &DevicePort::cardChanged, this, [this](bool present) {
        if (present && m_step == QLatin1String("attract")) {
            m_machine->submit(QStringLiteral("start")); // whoever comes with the card in hand
        }
        show();
    });
    connect(&m_effects, &TerminalEffects::readingChanged, this, [this](bool reading) {
        m_live.cardReading = reading;
        show();
    });
    connect(&m_effects, &TerminalEffects::alarm, this, [this] { m_tones.play(Tone::Alarm); });
    connect(&m_second, &QTimer::timeout, this, [this] {
        showFrame();
        const int left = m_effects.secondsLeft(QStringLiteral("presence"));
        if (m_window.page().countdownSeconds > 0 && left > 0) {
            m_window.setCountdown(left);
        }
    });
    m_second.start(std::chrono::seconds(1));
    m_busy.setSingleShot(true);
    connect(&m_busy, &QTimer::timeout, this, [this] { show(); });
    m_activity.setSingleShot(true);
}

KioskSession::~KioskSession() = default;

bool KioskSession::makeMachine(const QString& task, const QVariantMap& handed)
{
    const auto& journey = m_journeys.at(task);
    const auto language = QString::fromStdString(m_config.language);
    if (!journey.languages.contains(language)) {
        qCCritical(lcSession).noquote()
            << "language: wants one of" << journey.languages.join(QStringLiteral(", ")) << "got"
            << language;
        return false;
    }
    QVariantMap settings{
        {QStringLiteral("idleSeconds"), static_cast<int>(m_config.idleSeconds)},
        {QStringLiteral("warningSeconds"), static_cast<int>(m_config.warningSeconds)},
        {QStringLiteral("slowFactor"), static_cast<int>(m_config.slowFactor)},
        {QStringLiteral("alarmSeconds"), static_cast<int>(m_config.alarmSeconds)},
        {QStringLiteral("language"), language}};
    settings.insert(handed);
    auto machine = JourneyMachine::load(journey, settings, m_effects, m_journal);
    if (!machine) {
        qCCritical(lcSession) << machine.error().detail.c_str();
        return false;
    }
    m_machine = std::move(*machine);
    m_journey = &journey;
    m_effects.speakFor(journey);
    m_staff.speakTo(*m_machine, journey);
    connect(m_machine.get(), &JourneyMachine::changed, this, &KioskSession::step);
    connect(m_machine.get(), &JourneyMachine::ended, this, &KioskSession::onEnded,
            Qt::QueuedConnection);
    return true;
}

bool KioskSession::begin(const std::vector<QByteArray>& records)
{
    const auto session = lastSession(records);
    const bool known = m_journeys.contains(session.task);
    if (!makeMachine(known ? session.task : kFirstTask)) {
        return false;
    }
    if (records.empty()) {
        m_machine->start();
        return true;
    }
    showFrame();
    const auto once = std::make_shared<bool>(true);
    const auto goOn = [this, session, once] {
        if (std::exchange(*once, false)) {
            resume(session);
        }
    };
    connect(&m_devices, &DevicePort::firstHeard, this, goOn);
    QTimer::singleShot(m_devices.heard() ? std::chrono::seconds(0) : kDevicesWait, this, goOn);
    return true;
}

/// Only when the devices have said how they are: what they did meanwhile is asked of them.
void KioskSession::resume(const StoredSession& session)
{
    const std::chrono::seconds longest((m_config.idleSeconds + m_config.warningSeconds) *
                                       m_config.slowFactor);
    if (const auto resumed = m_machine->resume(session.records, longest); !resumed) {
        qCWarning(lcSession) << resumed.error().detail.c_str();
        m_journal.wipe([](const Result<void>&) {});
        waitForCustomer();
        return;
    }
    qCInfo(lcSession) << "goes on with a session that was interrupted";
}

void KioskSession::onEnded()
{
    const auto handover = m_machine->handover();
    if (handover && m_journeys.contains(handover->task) &&
        makeMachine(handover->task, handover->settings)) {
        qCInfo(lcSession).noquote() << "goes on with" << handover->task;
        m_machine->start();
        return;
    }
    if (handover) { // the checker does not let such a journey pass
        qCCritical(lcSession).noquote() << "no journey is called" << handover->task;
        m_journal.wipe([](const Result<void>&) {});
    }
    qCInfo(lcSession) << "session ended and wiped";
    waitForCustomer();
}

void KioskSession::waitForCustomer()
{
    m_window.showPage({});
    m_step.clear();
    m_effects.customerGone();
    if (!makeMachine(kFirstTask)) {
        QCoreApplication::exit(1);
        return;
    }
    m_machine->start();
}

void KioskSession::onFrameIntent(const QString& what)
{
    if (what == QLatin1String("help")) {
        m_machine->submit(QStringLiteral("help"));
    } else if (what == QLatin1String("language")) {
        const auto now = m_machine->data().value(QStringLiteral("language")).toString();
        const auto next = (m_journey->languages.indexOf(now) + 1) % m_journey->languages.size();
        m_machine->submit(QStringLiteral("setLanguage"), m_journey->languages[next]);
    } else {
        const auto mode = what.left(1).toUpper() + what.mid(1); // elder, contrast
        m_machine->submit(QStringLiteral("set") + mode);
    }
}

void KioskSession::onActivity()
{
    const bool begun = !m_machine->sessionId().isEmpty();
    if (begun && !m_activity.isActive()) {
        m_activity.start(kActivityPause);
        m_machine->submit(QStringLiteral("touch"));
    }
}

void KioskSession::onQueue(const queue::QueueStatus& status)
{
    m_effects.learnServices(status);
    m_live.services = servicesOf(status);
    m_heard = QDateTime::currentDateTimeUtc();
    m_live.waiting = 0;
    for (const auto& service : status.services) {
        m_live.waiting += service.waiting;
    }
    show();
}

void KioskSession::learnOutlet()
{
    m_hub.branch([this](const Result<queue::BranchInfo>& branch) {
        if (branch) {
            m_effects.setOutlet(branch->names, branch->timeZone);
            show(); // the page has times in the outlet's zone
        }
    });
}

void KioskSession::step()
{
    const auto page = composePage(*m_journey, m_machine->activeStates(), m_machine->data(), m_live);
    if (page.id != m_step) {
        m_step = page.id;
        qCInfo(lcSession).noquote() << "step" << page.id;
        if (page.busy && !page.ticket) {
            m_busy.start(kBusyDelay);
            return;
        }
    }
    if (!page.busy) {
        m_busy.stop();
    }
    show();
}

void KioskSession::show()
{
    if (!m_machine || m_busy.isActive()) {
        return;
    }
    showFrame();
    m_live.asOf = m_effects.localTime(m_heard);
    m_live.line = m_staff.line();
    auto page = composePage(*m_journey, m_machine->activeStates(), m_machine->data(), m_live);
    if (const int left = m_effects.secondsLeft(QStringLiteral("presence"));
        page.countdownSeconds > 0 && left > 0) { // before its timer runs: the whole time
        page.countdownSeconds = left;
    }
    m_window.showPage(page);
    m_window.setCall(m_staff.face());
    m_staff.step(page);
    m_lights.guideTo(lightFor(page));
    sound(page);
}

/// A page that was only covered by the warning or by help does not sound again.
void KioskSession::sound(const Page& page)
{
    const bool covers = page.kind == PageKind::Call || page.countdownSeconds > 0;
    auto& heard = covers ? m_heardOverlay : m_heardStep;
    if (std::exchange(heard, page.id) != page.id) {
        if (const auto tone = toneOf(page)) {
            m_tones.play(*tone);
        }
    }
    if (!covers) {
        m_heardOverlay.clear();
    }
}

void KioskSession::showFrame()
{
    const auto data = m_machine->data();
    Frame frame;
    frame.language = data.value(QStringLiteral("language")).toString();
    frame.elder = data.value(QStringLiteral("elder")).toBool();
    frame.highContrast = data.value(QStringLiteral("contrast")).toBool();
    frame.outlet = m_effects.outlet(frame.language);
    frame.time = m_effects.localTime();
    const auto text = [&](const char* key) {
        return textOf(*m_journey, QString::fromLatin1(key), frame.language);
    };
    frame.activity = text("activity");
    if (!m_live.hub) {
        frame.notices.append(text("notice.hub"));
    }
    if (!m_live.printer) {
        frame.notices.append(text("notice.printer"));
    }
    const bool blocked = m_step == QLatin1String("attract") && m_devices.cardPresent();
    if (!m_live.reader || blocked) {
        frame.notices.append(text("notice.reader"));
    }
    if (m_machine->activeStates().contains(QLatin1String("aside"))) {
        frame.notices.append(text("notice.assist"));
    }
    m_window.setFrame(frame);
}

} // namespace guichet::kiosk
