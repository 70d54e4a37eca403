// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/terminal_effects.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QTimeZone>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <utility>

#include "kiosk/app/assist_effects.h"
#include "kiosk/app/device_port.h"
#include "kiosk/app/hub_port.h"
#include "kiosk/engine/pages.h"

Q_LOGGING_CATEGORY(lcEffects, "kiosk.effects")

namespace guichet::kiosk {

namespace {

constexpr std::chrono::seconds kCardWait{30};
constexpr std::chrono::minutes kCodeWait{30}; ///< longer than any customer is waited for

int seconds(std::chrono::seconds value)
{
    return static_cast<int>(value.count());
}

QVariantMap mapOf(const queue::Names& names)
{
    QVariantMap map;
    for (const auto& [language, text] : names) {
        map.insert(QString::fromStdString(language), QString::fromStdString(text));
    }
    return map;
}

/// Where a customer stands who has a number: in the line, or with a member of staff.
QString stateName(queue::VisitState state)
{
    switch (state) {
    case queue::VisitState::Called:
        return QStringLiteral("called");
    case queue::VisitState::Serving:
        return QStringLiteral("serving");
    case queue::VisitState::Parked:
        return QStringLiteral("parked");
    default:
        return QStringLiteral("line");
    }
}

/// What may be a code of ours; a longer or stranger one is not worth asking the hub.
bool maybeOurs(const std::string& code)
{
    constexpr std::size_t kLongest = 400;
    return code.size() <= kLongest &&
           std::ranges::none_of(code, [](unsigned char sign) { return sign < ' '; });
}

/// A hub that refuses for good has no remedy; one that is away or busy is worth waiting for.
EffectResult hubFailure(const Error& error)
{
    qCWarning(lcEffects) << "hub:" << error.detail.c_str();
    const bool refused =
        error.code == Errc::Conflict || error.code == Errc::Invalid || error.code == Errc::NotFound;
    return EffectResult::failed(refused ? Remedy::None : Remedy::Wait);
}

} // namespace

QVariantList servicesOf(const queue::QueueStatus& status)
{
    QVariantList services;
    for (const auto& service : status.services) {
        services.append(QVariantMap{{QStringLiteral("id"), QString::fromStdString(service.id)},
                                    {QStringLiteral("names"), mapOf(service.names)},
                                    {QStringLiteral("open"), service.open},
                                    {QStringLiteral("waiting"), service.waiting},
                                    {QStringLiteral("low"), seconds(service.wait.low)},
                                    {QStringLiteral("high"), seconds(service.wait.high)}});
    }
    return services;
}

TerminalEffects::TerminalEffects(const Journeys& journeys, HubPort& hub, DevicePort& devices,
                                 AssistEffects& assist, std::string publicUrl, QObject* parent)
    : QObject(parent)
    , m_journeys(journeys)
    , m_journey(&journeys.at(kFirstTask))
    , m_hub(hub)
    , m_devices(devices)
    , m_assist(assist)
    , m_publicUrl(std::move(publicUrl))
{
    connect(&m_devices, &DevicePort::cardChanged, this, [this](bool present) {
        m_strangersCard = m_strangersCard && present;
        if (!present && m_removal) {
            later(std::exchange(m_removal, {}), EffectResult::done());
        }
    });
    connect(&m_devices, &DevicePort::readerChanged, this, [this](bool ready) {
        if (!ready && m_removal) {
            later(std::exchange(m_removal, {}), EffectResult::failed(Remedy::CallStaff));
        }
    });
}

void TerminalEffects::perform(const QString& name, int op, const QVariantMap& params, Answer answer)
{
    static const QHash<QString, Performer> performers{
        {QStringLiteral("timer"), &TerminalEffects::startTimer},
        {QStringLiteral("hub.queue"), &TerminalEffects::fetchQueue},
        {QStringLiteral("hub.visit"), &TerminalEffects::takeNumber},
        {QStringLiteral("hub.checkIn"), &TerminalEffects::checkIn},
        {QStringLiteral("hub.giveBack"), &TerminalEffects::giveBack},
        {QStringLiteral("code.scan"), &TerminalEffects::scanCode},
        {QStringLiteral("card.read"), &TerminalEffects::readCard},
        {QStringLiteral("card.present"), &TerminalEffects::seeCard},
        {QStringLiteral("card.removal"), &TerminalEffects::awaitRemoval},
        {QStringLiteral("alarm"), &TerminalEffects::raiseAlarm},
    };
    if (name.startsWith(QLatin1String("assist."))) {
        m_assist.perform(name, op, params, ofThisSession(std::move(answer)));
        return;
    }
    if (const auto performer = performers.value(name); performer != nullptr) {
        (this->*performer)(params, ofThisSession(std::move(answer)));
        return;
    }
    if (const auto added = m_added.value(name)) {
        added(params, ofThisSession(std::move(answer)));
        return;
    }
    qCCritical(lcEffects) << "no effect is called" << name << "op" << op;
    later(ofThisSession(std::move(answer)), EffectResult::failed(Remedy::CallStaff));
}

void TerminalEffects::forgetAll()
{
    ++m_session;
    m_assist.forgetAll();
    qDeleteAll(m_timers);
    m_timers.clear();
    m_removal = {};
    m_devices.cancelRead();
    m_devices.cancelScan();
    setReading(false);
    emit forgotten();
}

void TerminalEffects::customerGone()
{
    m_assist.customerGone();
    m_strangersCard = m_devices.cardPresent();
}

void TerminalEffects::setReading(bool reading)
{
    if (std::exchange(m_reading, reading) != reading) {
        emit readingChanged(reading);
    }
}

Effects::Answer TerminalEffects::ofThisSession(Answer answer) const
{
    return [this, session = m_session, answer = std::move(answer)](const EffectResult& result) {
        if (session == m_session) {
            answer(result);
        }
    };
}

void TerminalEffects::later(Answer answer, EffectResult result)
{
    QMetaObject::invokeMethod(
        this, [answer = std::move(answer), result = std::move(result)] { answer(result); },
        Qt::QueuedConnection);
}

void TerminalEffects::startTimer(const QVariantMap& params, Answer answer)
{
    const auto name = params.value(QStringLiteral("name")).toString();
    delete m_timers.take(name);
    auto* timer = new QTimer(this);
    m_timers.insert(name, timer);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, this,
            [answer = std::move(answer)] { answer(EffectResult::done()); });
    timer->start(std::chrono::seconds(params.value(QStringLiteral("seconds")).toInt()));
}

int TerminalEffects::secondsLeft(const QString& timer) const
{
    const auto* running = m_timers.value(timer);
    constexpr int kSecond = 1000;
    return running == nullptr ? 0 : (running->remainingTime() + kSecond - 1) / kSecond;
}

void TerminalEffects::fetchQueue(const QVariantMap&, Answer answer)
{
    m_hub.queue([this, answer = std::move(answer)](const Result<queue::QueueStatus>& status) {
        if (!status) {
            answer(hubFailure(status.error()));
            return;
        }
        learnServices(*status);
        const auto open = std::ranges::count_if(status->services, &queue::ServiceStatus::open);
        answer(EffectResult::done({{QStringLiteral("services"), servicesOf(*status)},
                                   {QStringLiteral("open"), static_cast<int>(open)}}));
    });
}

void TerminalEffects::learnServices(const queue::QueueStatus& status)
{
    for (const auto& service : status.services) {
        m_services[QString::fromStdString(service.id)] = service.names;
    }
}

void TerminalEffects::takeNumber(const QVariantMap& params, Answer answer)
{
    const auto service = params.value(QStringLiteral("service")).toString();
    if (!m_services.contains(service)) { // after a restart: the ticket needs its name
        m_hub.queue([this, params, answer = std::move(answer),
                     service](const Result<queue::QueueStatus>& status) {
            if (!status) {
                answer(hubFailure(status.error()));
                return;
            }
            learnServices(*status);
            m_services.try_emplace(service);
            takeNumber(params, answer);
        });
        return;
    }
    m_hub.takeNumber(service.toStdString(),
                     params.value(QStringLiteral("language")).toString().toStdString(),
                     params.value(QStringLiteral("idempotencyKey")).toString().toStdString(),
                     [this, answer = std::move(answer)](const Result<queue::Visit>& visit) {
                         if (!visit) {
                             answer(hubFailure(visit.error()));
                             return;
                         }
                         answer(EffectResult::done(ticketOf(*visit)));
                     });
}

QVariantMap TerminalEffects::ticketOf(const queue::Visit& visit) const
{
    const auto wait = visit.wait.value_or(queue::WaitRange{});
    const auto names = m_services.find(QString::fromStdString(visit.service));
    return {{QStringLiteral("id"), QString::fromStdString(visit.id)},
            {QStringLiteral("label"), QString::fromStdString(visit.label)},
            {QStringLiteral("url"), QString::fromStdString(m_publicUrl + "/t/" + visit.token)},
            {QStringLiteral("state"), stateName(visit.state)},
            {QStringLiteral("counter"), QString::fromStdString(visit.counter)},
            {QStringLiteral("ahead"), visit.ahead.value_or(0)},
            {QStringLiteral("low"), seconds(wait.low)},
            {QStringLiteral("high"), seconds(wait.high)},
            {QStringLiteral("date"), localDate()}, // numbers begin again each day
            {QStringLiteral("issued"), localTime()},
            {QStringLiteral("names"),
             names == m_services.end() ? QVariantMap() : mapOf(names->second)}};
}

void TerminalEffects::scanCode(const QVariantMap& params, Answer answer)
{
    // After a restart the camera may only not have been heard of yet.
    const bool resumed = params.value(QStringLiteral("resumed")).toBool();
    if (!m_devices.cameraReady() && !resumed) {
        later(std::move(answer), EffectResult::failed(Remedy::CallStaff));
        return;
    }
    const auto once = std::make_shared<Answer>(std::move(answer));
    const auto end = [once](const EffectResult& result) {
        if (const auto first = std::exchange(*once, {})) {
            first(result);
        }
    };
    m_devices.scanCode(
        kCodeWait,
        [end](const Result<ScannedCode>& code) {
            if (!code) {
                qCInfo(lcEffects) << "scan:" << code.error().detail.c_str();
            }
            end(code ? EffectResult::done(
                           {{QStringLiteral("code"), QString::fromStdString(code->bytes)}})
                     : EffectResult::failed(code.error().remedy));
        },
        [this, end](const std::string& event) {
            if (event == "cameraAway") {
                later(end, EffectResult::failed(Remedy::ReconnectCable));
            }
        });
}

void TerminalEffects::checkIn(const QVariantMap& params, Answer answer)
{
    const auto checkedIn = [this, answer](const queue::CheckIn& result) {
        QVariantMap data;
        if (result.visit) {
            data.insert(QStringLiteral("visit"), ticketOf(*result.visit));
        }
        if (result.form) {
            data.insert(QStringLiteral("form"), formOf(*result.form));
        }
        if (result.refusal) {
            data.insert(QStringLiteral("refusal"), refusalOf(*result.refusal));
        }
        answer(EffectResult::done(data));
    };
    m_devices.cancelScan();
    const auto code = params.value(QStringLiteral("code")).toString().toStdString();
    if (!maybeOurs(code)) {
        later(answer, EffectResult::done(
                          {{QStringLiteral("refusal"), refusalOf({"code-invalid", {}, {}})}}));
        return;
    }
    m_hub.checkIn(code, params.value(QStringLiteral("idempotencyKey")).toString().toStdString(),
                  [this, answer, checkedIn](const Result<queue::CheckIn>& result) {
                      if (!result) {
                          answer(hubFailure(result.error()));
                      } else if (result->visit && !m_services.contains(QString::fromStdString(
                                                      result->visit->service))) {
                          m_hub.queue([this, checkedIn, found = *result](const auto& status) {
                              if (status) { // after a restart: the ticket needs its service's name
                                  learnServices(*status);
                              }
                              checkedIn(found);
                          });
                      } else {
                          checkedIn(*result);
                      }
                  });
}

QVariantMap TerminalEffects::formOf(const queue::PreparedForm& form) const
{
    const auto task = QString::fromStdString(form.journey);
    const auto fields = QJsonDocument::fromJson(QByteArray::fromStdString(form.fields));
    return {{QStringLiteral("journey"), task},
            {QStringLiteral("fields"), fields.object().toVariantMap()},
            {QStringLiteral("known"), m_journeys.contains(task)}};
}

QVariantMap TerminalEffects::refusalOf(const queue::CheckInRefusal& refusal) const
{
    static const std::set<std::string> wrong{"code-unknown", "code-invalid", "too-many-codes"};
    QVariantMap data{{QStringLiteral("reason"), QString::fromStdString(refusal.code)},
                     {QStringLiteral("service"), QString::fromStdString(refusal.service)},
                     {QStringLiteral("wrong"), wrong.contains(refusal.code)}};
    if (refusal.from) {
        const auto from = QDateTime::fromMSecsSinceEpoch(
            std::chrono::duration_cast<std::chrono::milliseconds>(refusal.from->time_since_epoch())
                .count(),
            Qt::UTC);
        const bool today =
            inOutletsZone(from).date() == inOutletsZone(QDateTime::currentDateTimeUtc()).date();
        data.insert(QStringLiteral("from"),
                    today ? localTime(from)
                          : inOutletsZone(from).toString(QStringLiteral("MM-dd HH:mm")));
    }
    return data;
}

void TerminalEffects::giveBack(const QVariantMap& params, Answer answer)
{
    const auto text = [&](const char* name) {
        return params.value(QString::fromLatin1(name)).toString().toStdString();
    };
    m_hub.giveBack(text("service"), text("language"), text("idempotencyKey"));
    later(std::move(answer), EffectResult::done());
}

void TerminalEffects::readCard(const QVariantMap&, Answer answer)
{
    if (m_strangersCard) {
        later(std::move(answer), EffectResult::failed(Remedy::CallStaff));
        return;
    }
    m_devices.readCard(
        kCardWait,
        [this, answer = std::move(answer)](const Result<CardMask>& card) {
            setReading(false);
            if (!card) {
                qCInfo(lcEffects) << "card:" << card.error().detail.c_str();
                answer(EffectResult::failed(card.error().remedy));
                return;
            }
            emit cardRead(*card);
            answer(EffectResult::done(
                {{QStringLiteral("label"), QString::fromStdString(card->label)},
                 {QStringLiteral("maskedPan"), QString::fromStdString(card->maskedPan)},
                 {QStringLiteral("handle"), QString::fromStdString(card->handle)}}));
        },
        [this](const std::string& event) {
            setReading(event == "cardInserted" || event == "reading");
        });
}

void TerminalEffects::seeCard(const QVariantMap&, Answer answer)
{
    m_devices.cancelRead();
    setReading(false);
    const bool own = m_devices.cardPresent() && !m_strangersCard;
    later(std::move(answer), m_devices.readerReady()
                                 ? EffectResult::done({{QStringLiteral("present"), own}})
                                 : EffectResult::failed(Remedy::CallStaff));
}

void TerminalEffects::awaitRemoval(const QVariantMap&, Answer answer)
{
    if (!m_devices.readerReady()) {
        later(std::move(answer), EffectResult::failed(Remedy::CallStaff));
    } else if (!m_devices.cardPresent()) {
        later(std::move(answer), EffectResult::done());
    } else {
        m_removal = std::move(answer);
    }
}

void TerminalEffects::knowOutlet(std::function<void()> then)
{
    if (!m_outlet.empty()) {
        then();
        return;
    }
    m_hub.branch([this, then = std::move(then)](const Result<queue::BranchInfo>& branch) {
        if (branch) {
            setOutlet(branch->names, branch->timeZone);
        }
        then();
    });
}

void TerminalEffects::raiseAlarm(const QVariantMap&, Answer answer)
{
    qCWarning(lcEffects) << "a card was left in the reader";
    emit alarm();
    later(std::move(answer), EffectResult::done());
}

void TerminalEffects::setOutlet(const queue::Names& names, const std::string& timeZone)
{
    m_outlet = names;
    m_timeZone = timeZone;
}

QString TerminalEffects::outlet(const QString& language) const
{
    return nameIn(mapOf(m_outlet), language);
}

QDateTime TerminalEffects::inOutletsZone(const QDateTime& at) const
{
    const QTimeZone zone(QByteArray::fromStdString(m_timeZone));
    return zone.isValid() ? at.toTimeZone(zone) : at.toLocalTime();
}

QString TerminalEffects::localTime(const QDateTime& at) const
{
    return inOutletsZone(at).toString(QStringLiteral("HH:mm"));
}

QString TerminalEffects::localDate(const QDateTime& at) const
{
    return inOutletsZone(at).date().toString(Qt::ISODate);
}

} // namespace guichet::kiosk
