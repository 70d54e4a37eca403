// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <QStringList>
#include <QVariantMap>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "kiosk/engine/effects.h"
#include "kiosk/engine/journal.h"
#include "kiosk/engine/journey.h"

class QScxmlEvent;
class QScxmlStateMachine;

namespace guichet::kiosk {

/// What a journey that has ended leaves to the next one of the same customer.
struct Handover {
    QString task;
    QVariantMap
        settings; ///< language, elder, contrast, help, assistId, talkBy, consent, handed, fields
};

/// One customer's session of one journey. Every event and every effect's result is in the journal
/// before the journey hears of it; an effect is in the journal before it is performed, and one
/// that has a result is never performed again. Thread-bound, never blocks.
class JourneyMachine : public QObject {
    Q_OBJECT

public:
    /// `settings` override the document's data ("idleSeconds"). Fails with Errc::Invalid if the
    /// document does not load. Journey, effects and journal must outlive the machine.
    [[nodiscard]] static Result<std::unique_ptr<JourneyMachine>>
    load(const Journey& journey, const QVariantMap& settings, Effects& effects, Journal& journal);
    ~JourneyMachine() override;

    /// Stands at the first state; nothing is stored before the customer's first event.
    void start();
    /// Goes through a stored session without performing what has a result, then performs, with
    /// "resumed" among its parameters, what the journey still waits for: what one of its variables
    /// whose names end with "Op" holds. A session whose last record is older than `longest` hears
    /// session.timeout instead: its customer is gone, and nothing is handed over. Fails with
    /// Errc::Invalid, before anything happened, if the records are of another document or are not
    /// ours; then start() is what remains.
    [[nodiscard]] Result<void> resume(const std::vector<QByteArray>& records,
                                      std::chrono::seconds longest);

    /// What the customer did; the journey hears "user.<event>" with {value}. From the primary
    /// button of a form page `value` is a JSON object of its fields, and the journey hears {value,
    /// errors, good}: what is filled in as a map, what Form::check() says, and whether that is
    /// nothing.
    void submit(const QString& event, const QString& value = {});
    /// What remote staff said; the journey hears "staff.<event>" with `data`.
    void hear(const QString& event, const QVariantMap& data);

    [[nodiscard]] QStringList activeStates() const; ///< with their parents
    [[nodiscard]] QVariantMap data() const;
    /// What to go on with once the journey has ended; nothing if the customer is done.
    [[nodiscard]] std::optional<Handover> handover() const;
    [[nodiscard]] QString sessionId() const { return m_session; } ///< empty: none begun
    /// Whether submit() and hear() are heard: it runs, and is not being read back.
    [[nodiscard]] bool listening() const;
    /// True when nothing is stored, read back or waiting to be told to the journey.
    [[nodiscard]] bool settled() const;

signals:
    /// The journey took a step and stands.
    void changed();
    /// The journey is over; delete the machine. Its journal is gone, unless there is a handover:
    /// then it is the next machine's, so that a restart in between goes on too.
    void ended();

private:
    struct Input {
        QString event;
        QVariantMap data;
    };
    struct Operation {
        QString name;
        QVariantMap params;
        bool asked = false; ///< its record is stored
    };

    JourneyMachine(const Journey& journey, QVariantMap settings, Effects& effects,
                   Journal& journal);
    void onEffect(const QScxmlEvent& event);
    void onAnswer(int op, const EffectResult& result);
    void onStable();
    void onFinished();
    void begin();
    void record(const Input& input);
    [[nodiscard]] QVariantMap whatIsSaid(const QString& event, const QString& value) const;
    void ask(int op);
    void perform(int op);
    void askAgain();
    void store(QVariantMap record, std::function<void()> then);
    void giveUpJournal(const Error& why);
    void tell(const Input& input);
    void tellNext(const Input& input);

    const Journey& m_journey;
    QVariantMap m_settings;
    Effects& m_effects;
    Journal& m_journal;
    std::unique_ptr<QScxmlStateMachine> m_machine;
    QString m_session;
    QHash<int, Operation> m_open; ///< asked for, no result yet
    QSet<int> m_answered;
    std::deque<Input> m_replay;
    bool m_replaying = false;
    bool m_stale = false;      ///< read back so late that the customer is gone
    bool m_unrecorded = false; ///< the journal failed once and is given up
    bool m_over = false;
    int m_storing = 0;
    int m_telling = 0;
};

/// The part of a journal that is of the journey under way, and that journey's task; no records if
/// nothing was begun.
struct StoredSession {
    QString task;
    std::vector<QByteArray> records;
};
[[nodiscard]] StoredSession lastSession(const std::vector<QByteArray>& records);

/// A UUID made of a session and an operation: the same for every attempt at the same wish.
[[nodiscard]] QString idempotencyKey(const QString& session, int op);

} // namespace guichet::kiosk
