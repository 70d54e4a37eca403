// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QString>
#include <functional>
#include <map>
#include <string>

#include "kiosk/engine/effects.h"
#include "kiosk/engine/journey.h"
#include "queue/client/client.h"

class QTimer;

namespace guichet::kiosk {

class AssistEffects;
class DevicePort;
struct CardMask;
class HubPort;

/// A hub's services as the journey's data: {id, names, open, waiting, low, high}.
[[nodiscard]] QVariantList servicesOf(const queue::QueueStatus& status);

/// What journeys ask for, done by this terminal's devices and its hub. GUI thread.
class TerminalEffects final : public QObject, public Effects {
    Q_OBJECT

public:
    /// `journeys` begins with kFirstTask's words.
    TerminalEffects(const Journeys& journeys, HubPort& hub, DevicePort& devices,
                    AssistEffects& assist, std::string publicUrl, QObject* parent = nullptr);
    /// In whose words tickets are printed from now on. Must outlive this.
    void speakFor(const Journey& journey) { m_journey = &journey; }
    [[nodiscard]] const Journey& journey() const { return *m_journey; }

    /// An effect that something else performs, as perform() promises it. Its answers reach only the
    /// session that asked.
    using Added = std::function<void(const QVariantMap& params, Answer answer)>;
    void add(const QString& name, Added performer) { m_added.insert(name, std::move(performer)); }
    /// Answers from the event loop, for performers that know at once.
    void later(Answer answer, EffectResult result);
    void perform(const QString& name, int op, const QVariantMap& params, Answer answer) override;
    void forgetAll() override;
    /// A card that is in the reader now is nobody's who comes next.
    void customerGone();
    /// Whole seconds left of the running timer of that name; 0 if none runs.
    [[nodiscard]] int secondsLeft(const QString& timer) const;
    /// The outlet as tickets name it, by language.
    void setOutlet(const queue::Names& names, const std::string& timeZone);
    [[nodiscard]] QString outlet(const QString& language) const;
    /// `then` with the outlet's name known, after a restart, too; or without it, if the hub does
    /// not say it.
    void knowOutlet(std::function<void()> then);
    /// "10:42" in the outlet's zone.
    [[nodiscard]] QString localTime(const QDateTime& at = QDateTime::currentDateTimeUtc()) const;
    /// "2026-11-26" there.
    [[nodiscard]] QString localDate(const QDateTime& at = QDateTime::currentDateTimeUtc()) const;
    /// The names by which tickets call the services.
    void learnServices(const queue::QueueStatus& status);

signals:
    void readingChanged(bool reading); ///< a card is in and being read
    void cardRead(const guichet::kiosk::CardMask& card);
    void forgotten(); ///< the session is over: nothing of it may stay
    void alarm();     ///< a card is left behind: say it by sound and light

private:
    using Performer = void (TerminalEffects::*)(const QVariantMap&, Answer);

    [[nodiscard]] QDateTime inOutletsZone(const QDateTime& at) const;
    [[nodiscard]] QVariantMap ticketOf(const queue::Visit& visit) const;
    [[nodiscard]] QVariantMap formOf(const queue::PreparedForm& form) const;
    [[nodiscard]] QVariantMap refusalOf(const queue::CheckInRefusal& refusal) const;
    void startTimer(const QVariantMap& params, Answer answer);
    void fetchQueue(const QVariantMap& params, Answer answer);
    void takeNumber(const QVariantMap& params, Answer answer);
    void giveBack(const QVariantMap& params, Answer answer);
    void scanCode(const QVariantMap& params, Answer answer);
    void checkIn(const QVariantMap& params, Answer answer);
    void readCard(const QVariantMap& params, Answer answer);
    void seeCard(const QVariantMap& params, Answer answer);
    void awaitRemoval(const QVariantMap& params, Answer answer);
    void raiseAlarm(const QVariantMap& params, Answer answer);
    void setReading(bool reading);
    /// `answer`, unless the session it belongs to is over by then.
    [[nodiscard]] Answer ofThisSession(Answer answer) const;

    const Journeys& m_journeys;
    const Journey* m_journey;
    HubPort& m_hub;
    DevicePort& m_devices;
    AssistEffects& m_assist;
    std::string m_publicUrl;
    queue::Names m_outlet;
    std::string m_timeZone;
    QHash<QString, QTimer*> m_timers;
    QHash<QString, Added> m_added;
    std::map<QString, queue::Names> m_services;
    Answer m_removal;
    bool m_reading = false;
    bool m_strangersCard = false; ///< left in the reader by an earlier session
    int m_session = 0;
};

} // namespace guichet::kiosk
