// SPDX-License-Identifier: Apache-2.0
#include "kiosk/engine/journey_machine.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QPointer>
#include <QScxmlDataModel>
#include <QScxmlEvent>
#include <QScxmlStateMachine>
#include <QUuid>
#include <algorithm>
#include <cstdlib>

#include "kiosk/engine/pages.h"

Q_LOGGING_CATEGORY(lcEngine, "kiosk.engine")

namespace guichet::kiosk {

namespace {

const QString kType = QStringLiteral("t");
const QString kName = QStringLiteral("name");
const QString kOp = QStringLiteral("op");
const QString kData = QStringLiteral("data");

QString hashOf(const QByteArray& document)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(document, QCryptographicHash::Sha256).toHex());
}

const QString kTask = QStringLiteral("task");
const QString kAt = QStringLiteral("at");

/// Of journal records; also what a restart compares with.
qint64 wallMilliseconds()
{
    return QDateTime::currentMSecsSinceEpoch();
}

QVariantMap resultRecord(int op, const EffectResult& result)
{
    const auto remedy = name(result.remedy);
    return {{kType, QStringLiteral("answer")},
            {kOp, op},
            {QStringLiteral("ok"), result.ok},
            {QStringLiteral("remedy"),
             QString::fromLatin1(remedy.data(), static_cast<qsizetype>(remedy.size()))},
            {QStringLiteral("unknown"), result.unknown},
            {kData, result.data}};
}

} // namespace

QString idempotencyKey(const QString& session, int op)
{
    return QUuid::createUuidV5(QUuid(session), QString::number(op)).toString(QUuid::WithoutBraces);
}

StoredSession lastSession(const std::vector<QByteArray>& records)
{
    StoredSession stored;
    for (const auto& bytes : records) {
        const auto record = QJsonDocument::fromJson(bytes).object();
        if (record.value(kType) == QLatin1String("begin")) {
            stored = {record.value(kTask).toString(), {}};
        }
        stored.records.push_back(bytes);
    }
    return stored;
}

JourneyMachine::JourneyMachine(const Journey& journey, QVariantMap settings, Effects& effects,
                               Journal& journal)
    : m_journey(journey)
    , m_settings(std::move(settings))
    , m_effects(effects)
    , m_journal(journal)
{
}

JourneyMachine::~JourneyMachine()
{
    m_effects.forgetAll();
}

Result<std::unique_ptr<JourneyMachine>> JourneyMachine::load(const Journey& journey,
                                                             const QVariantMap& settings,
                                                             Effects& effects, Journal& journal)
{
    auto document = journey.document;
    QBuffer buffer(&document);
    buffer.open(QIODevice::ReadOnly);
    std::unique_ptr<JourneyMachine> self(new JourneyMachine(journey, settings, effects, journal));
    self->m_machine.reset(
        QScxmlStateMachine::fromData(&buffer, journey.task + QStringLiteral("/journey.scxml")));
    const auto errors = self->m_machine->parseErrors();
    if (!errors.isEmpty()) {
        return fail(Errc::Invalid, errors.first().toString().toStdString());
    }
    auto* machine = self->m_machine.get();
    auto* owner = self.get();
    machine->connectToEvent(QStringLiteral("do.*"), owner,
                            [owner](const QScxmlEvent& event) { owner->onEffect(event); });
    connect(machine, &QScxmlStateMachine::reachedStableState, owner, &JourneyMachine::onStable);
    connect(machine, &QScxmlStateMachine::finished, owner, &JourneyMachine::onFinished,
            Qt::QueuedConnection);
    return self;
}

void JourneyMachine::start()
{
    m_machine->setInitialValues(m_settings);
    ++m_telling;
    m_machine->start();
}

Result<void> JourneyMachine::resume(const std::vector<QByteArray>& records,
                                    std::chrono::seconds longest)
{
    qint64 last = 0;
    std::deque<Input> inputs;
    QHash<int, QString> asked;
    QSet<int> answered;
    QVariantMap settings;
    QString session;
    for (const auto& bytes : records) {
        const auto record = QJsonDocument::fromJson(bytes).object().toVariantMap();
        const auto type = record.value(kType).toString();
        const int op = record.value(kOp).toInt();
        last = std::max(last, record.value(kAt).toLongLong());
        if (type == QLatin1String("begin")) {
            session = record.value(QStringLiteral("session")).toString();
            settings = record.value(QStringLiteral("settings")).toMap();
            if (record.value(QStringLiteral("document")).toString() != hashOf(m_journey.document)) {
                return fail(Errc::Invalid, "journal: of another journey or another version of it");
            }
        } else if (session.isEmpty()) {
            return fail(Errc::Invalid, "journal: does not begin with a session");
        } else if (type == QLatin1String("event")) {
            inputs.push_back({record.value(kName).toString(), record.value(kData).toMap()});
        } else if (type == QLatin1String("asked")) {
            asked.insert(op, record.value(kName).toString());
        } else if (type == QLatin1String("answer") && asked.contains(op)) {
            const bool ok = record.value(QStringLiteral("ok")).toBool();
            answered.insert(op);
            inputs.push_back(
                {(ok ? QStringLiteral("done.") : QStringLiteral("error.")) + asked.value(op),
                 {{kOp, op},
                  {QStringLiteral("remedy"), record.value(QStringLiteral("remedy"))},
                  {QStringLiteral("unknown"), record.value(QStringLiteral("unknown"))},
                  {kData, record.value(kData)}}});
        } else {
            return fail(Errc::Invalid, "journal: a record of no known kind");
        }
    }
    if (session.isEmpty()) {
        return fail(Errc::Invalid, "journal: empty");
    }
    m_session = session;
    m_settings = settings;
    m_answered = answered;
    m_replay = std::move(inputs);
    m_replaying = true;
    m_stale = std::abs(wallMilliseconds() - last) > std::chrono::milliseconds(longest).count();
    start();
    return {};
}

void JourneyMachine::submit(const QString& event, const QString& value)
{
    if (listening()) {
        record({QStringLiteral("user.") + event, whatIsSaid(event, value)});
    }
}

void JourneyMachine::hear(const QString& event, const QVariantMap& data)
{
    if (listening()) {
        record({QStringLiteral("staff.") + event, data});
    }
}

void JourneyMachine::record(const Input& input)
{
    begin();
    store({{kType, QStringLiteral("event")}, {kName, input.event}, {kData, input.data}},
          [this, input] { tell(input); });
}

QVariantMap JourneyMachine::whatIsSaid(const QString& event, const QString& value) const
{
    const auto* shown = shownState(m_journey, activeStates());
    if (shown == nullptr || shown->page->kind != PageKind::Form || !shown->page->primary ||
        shown->page->primary->event != event) {
        return {{QStringLiteral("value"), value}};
    }
    const auto names = fieldsOf(m_journey, *shown->page, data());
    const auto values =
        Form::kept(QJsonDocument::fromJson(value.toUtf8()).object().toVariantMap(), names);
    const auto errors = m_journey.form.check(values, names);
    return {{QStringLiteral("value"), values},
            {QStringLiteral("errors"), errors},
            {QStringLiteral("good"), errors.isEmpty()},
            {QStringLiteral("shown"), shownValues(m_journey, values, names)}};
}

void JourneyMachine::begin()
{
    if (!m_session.isEmpty()) {
        return;
    }
    m_session = QUuid::createUuid().toString(QUuid::WithoutBraces);
    store({{kType, QStringLiteral("begin")},
           {QStringLiteral("session"), m_session},
           {kTask, m_journey.task},
           {QStringLiteral("settings"), m_settings},
           {QStringLiteral("document"), hashOf(m_journey.document)}},
          [] {});
}

void JourneyMachine::onEffect(const QScxmlEvent& event)
{
    const auto params = event.data().toMap();
    const int op = params.value(kOp).toInt();
    if (op <= 0 || m_answered.contains(op) || m_open.contains(op)) {
        return;
    }
    m_open.insert(op, {event.name().mid(3), params, false});
    if (!m_replaying) {
        ask(op);
    }
}

void JourneyMachine::ask(int op)
{
    begin();
    store({{kType, QStringLiteral("asked")}, {kOp, op}, {kName, m_open.value(op).name}},
          [this, op] { perform(op); });
}

void JourneyMachine::perform(int op)
{
    const auto open = m_open.constFind(op);
    if (open == m_open.constEnd() || m_over) {
        return;
    }
    auto params = open->params;
    const int wish = params.value(QStringLiteral("key"), op).toInt();
    params.insert(QStringLiteral("idempotencyKey"), idempotencyKey(m_session, wish));
    const QPointer<JourneyMachine> self(this);
    m_effects.perform(open->name, op, params, [self, op](const EffectResult& result) {
        if (self) {
            self->onAnswer(op, result);
        }
    });
}

void JourneyMachine::onAnswer(int op, const EffectResult& result)
{
    const auto open = m_open.constFind(op);
    if (open == m_open.constEnd() || m_over) {
        qCDebug(lcEngine) << "an answer nobody waits for, op" << op;
        return;
    }
    const auto record = resultRecord(op, result);
    const Input input{(result.ok ? QStringLiteral("done.") : QStringLiteral("error.")) + open->name,
                      {{kOp, op},
                       {QStringLiteral("remedy"), record.value(QStringLiteral("remedy"))},
                       {QStringLiteral("unknown"), result.unknown},
                       {kData, result.data}}};
    m_open.erase(open);
    m_answered.insert(op);
    store(record, [this, input] { tell(input); });
}

void JourneyMachine::store(QVariantMap record, std::function<void()> then)
{
    ++m_storing;
    record.insert(kAt, wallMilliseconds());
    const QPointer<JourneyMachine> self(this);
    if (m_unrecorded) {
        QMetaObject::invokeMethod(
            this,
            [self, then = std::move(then)] {
                if (self) {
                    --self->m_storing;
                    then();
                }
            },
            Qt::QueuedConnection);
        return;
    }
    m_journal.append(
        QJsonDocument(QJsonObject::fromVariantMap(record)).toJson(QJsonDocument::Compact),
        [self, then = std::move(then)](const Result<void>& stored) {
            if (!self) {
                return;
            }
            if (!stored) {
                self->giveUpJournal(stored.error());
            }
            --self->m_storing;
            then();
        });
}

/// The customer goes on, but a restart must not resume from a journal with a gap.
void JourneyMachine::giveUpJournal(const Error& why)
{
    qCCritical(lcEngine) << why.detail.c_str();
    if (!std::exchange(m_unrecorded, true)) {
        m_journal.wipe([](const Result<void>&) {});
    }
}

void JourneyMachine::tell(const Input& input)
{
    if (!m_over) {
        ++m_telling;
        m_machine->submitEvent(input.event, input.data);
    }
}

/// Not from inside the machine's own step.
void JourneyMachine::tellNext(const Input& input)
{
    ++m_telling;
    QMetaObject::invokeMethod(
        this, [this, input] { m_machine->submitEvent(input.event, input.data); },
        Qt::QueuedConnection);
}

void JourneyMachine::onStable()
{
    m_telling = 0; // the machine comes to rest only when its queue is empty
    if (m_over) {
        return;
    }
    if (!m_machine->isRunning()) { // the top-level final state: nothing more can be told
        onFinished();
        return;
    }
    if (m_replaying) {
        if (!m_replay.empty()) {
            const auto input = m_replay.front();
            m_replay.pop_front();
            tellNext(input);
            return;
        }
        m_replaying = false;
        if (std::exchange(m_stale, false)) { // the customer is long gone
            m_open.clear();
            tellNext({QStringLiteral("session.timeout"), {}});
            return;
        }
        askAgain();
    }
    emit changed();
}

/// What the journey still waits for, by its variables that end with "Op"; the rest was left behind.
void JourneyMachine::askAgain()
{
    QSet<int> awaited;
    for (const auto& name : m_journey.dataNames) {
        if (name.endsWith(QLatin1String("Op"))) {
            awaited.insert(m_machine->dataModel()->scxmlProperty(name).toInt());
        }
    }
    auto open = m_open.keys();
    std::sort(open.begin(), open.end());
    for (const int op : open) {
        if (awaited.contains(op)) {
            m_open[op].params.insert(QStringLiteral("resumed"), true);
            ask(op);
        } else {
            m_open.remove(op);
        }
    }
}

void JourneyMachine::onFinished()
{
    if (m_over) {
        return;
    }
    m_over = true;
    m_open.clear();
    m_effects.forgetAll();
    if (handover()) {
        emit ended();
        return;
    }
    const QPointer<JourneyMachine> self(this);
    m_journal.wipe([self](const Result<void>& wiped) {
        if (!wiped) {
            qCCritical(lcEngine) << wiped.error().detail.c_str();
        }
        if (self) {
            emit self->ended();
        }
    });
}

QStringList JourneyMachine::activeStates() const
{
    auto states = m_machine->activeStateNames(false);
    states.sort();
    return states;
}

QVariantMap JourneyMachine::data() const
{
    QVariantMap values;
    for (const auto& name : m_journey.dataNames) {
        values.insert(name, m_machine->dataModel()->scxmlProperty(name));
    }
    return values;
}

std::optional<Handover> JourneyMachine::handover() const
{
    const auto known = data();
    const auto task = known.value(QStringLiteral("next")).toString();
    if (task.isEmpty() || m_stale) {
        return std::nullopt;
    }
    QVariantMap settings{{QStringLiteral("handed"), true},
                         {QStringLiteral("fields"), known.value(QStringLiteral("nextFields"))}};
    for (const auto* name :
         {"language", "elder", "contrast", "help", "assistId", "talkBy", "consent", "staffName"}) {
        if (const auto kept = known.constFind(QString::fromLatin1(name)); kept != known.cend()) {
            settings.insert(kept.key(), *kept);
        }
    }
    return Handover{task, settings};
}

bool JourneyMachine::listening() const
{
    return !m_over && !m_replaying && m_machine->isRunning();
}

bool JourneyMachine::settled() const
{
    return m_storing == 0 && m_telling == 0 && !m_replaying;
}

} // namespace guichet::kiosk
