// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/assist_effects.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <utility>

Q_LOGGING_CATEGORY(lcAssist, "kiosk.assist")

namespace guichet::kiosk {

using namespace signalling;

namespace {

std::string text(const QVariantMap& params, const char* name)
{
    return params.value(QString::fromLatin1(name)).toString().toStdString();
}

/// "zh-CN" is spoken by whoever speaks "zh".
std::string spoken(const QVariantMap& params)
{
    return params.value(QStringLiteral("language"))
        .toString()
        .section(QLatin1Char('-'), 0, 0)
        .toStdString();
}

EffectResult ended(const QString& outcome)
{
    return EffectResult::done({{QStringLiteral("outcome"), outcome}});
}

} // namespace

AssistEffects::AssistEffects(AssistPort& port, Sources sources, QObject* parent)
    : QObject(parent)
    , m_port(port)
    , m_sources(std::move(sources))
{
    connect(&port, &AssistPort::changed, this, &AssistEffects::look);
    connect(&port, &AssistPort::over, this, [this] {
        if (m_meet) {
            later(std::exchange(m_meet, {}), EffectResult::failed(Remedy::CallStaff));
        }
        if (m_talk) {
            later(std::exchange(m_talk, {}), ended(QStringLiteral("over")));
        }
        if (m_promise) {
            later(std::exchange(m_promise, {}), EffectResult::failed(Remedy::CallStaff));
        }
    });
}

void AssistEffects::perform(const QString& name, int op, const QVariantMap& params, Answer answer)
{
    static const QHash<QString, Performer> performers{
        {QStringLiteral("assist.ask"), &AssistEffects::ask},
        {QStringLiteral("assist.meet"), &AssistEffects::meet},
        {QStringLiteral("assist.talk"), &AssistEffects::talk},
        {QStringLiteral("assist.callBack"), &AssistEffects::callBack},
        {QStringLiteral("assist.reply"), &AssistEffects::reply},
        {QStringLiteral("assist.write"), &AssistEffects::write},
        {QStringLiteral("assist.leave"), &AssistEffects::leave},
    };
    if (const auto performer = performers.value(name); performer != nullptr) {
        (this->*performer)(params, std::move(answer));
        return;
    }
    qCCritical(lcAssist) << "no effect is called" << name << "op" << op;
    later(std::move(answer), EffectResult::failed(Remedy::CallStaff));
}

void AssistEffects::forgetAll()
{
    ++m_session;
    m_meet = {};
    m_talk = {};
    m_promise = {};
}

void AssistEffects::customerGone()
{
    m_port.leave("customer-gone");
}

void AssistEffects::later(Answer answer, EffectResult result)
{
    QMetaObject::invokeMethod(
        this,
        [this, session = m_session, answer = std::move(answer), result = std::move(result)] {
            if (session == m_session) {
                answer(result);
            }
        },
        Qt::QueuedConnection);
}

void AssistEffects::ask(const QVariantMap& params, Answer answer)
{
    const auto key = text(params, "idempotencyKey");
    const queue::AssistWish wish{.caseId = key,
                                 .visit = text(params, "visit"),
                                 .mode = text(params, "mode"),
                                 .language = spoken(params),
                                 .signLanguage = text(params, "signLanguage"),
                                 .product = text(params, "product"),
                                 .content = m_sources.content().dump()};
    m_port.ask(wish, key, [this, session = m_session, answer](const Result<std::string>& assist) {
        if (session != m_session) {
            return;
        }
        if (!assist) {
            qCWarning(lcAssist) << "nobody can be asked:" << assist.error().detail.c_str();
        }
        answer(assist
                   ? EffectResult::done({{QStringLiteral("id"), QString::fromStdString(*assist)}})
                   : EffectResult::failed(Remedy::Wait));
    });
}

void AssistEffects::meet(const QVariantMap& params, Answer answer)
{
    m_meet = std::move(answer);
    m_port.follow(text(params, "assist"));
    look();
}

void AssistEffects::talk(const QVariantMap& params, Answer answer)
{
    m_talk = std::move(answer);
    m_port.follow(text(params, "assist"));
    m_sources.begin(params.value(QStringLiteral("recorded")).toBool());
    look();
}

void AssistEffects::callBack(const QVariantMap& params, Answer answer)
{
    m_port.follow(text(params, "assist"));
    if (!m_port.promiseCall(text(params, "contact"))) {
        later(std::move(answer), EffectResult::failed(Remedy::Wait));
        return;
    }
    m_promise = std::move(answer);
}

void AssistEffects::reply(const QVariantMap& params, Answer answer)
{
    const auto known = QJsonObject::fromVariantMap(params.value(QStringLiteral("detail")).toMap());
    auto detail =
        nlohmann::json::parse(QJsonDocument(known).toJson(QJsonDocument::Compact).toStdString());
    if (auto picture = m_sources.picture(text(params, "picture")); !picture.is_null()) {
        detail["pictures"] = nlohmann::json::array({std::move(picture)});
    }
    m_port.answer(text(params, "request"), text(params, "outcome"), detail);
    later(std::move(answer), EffectResult::done());
}

void AssistEffects::write(const QVariantMap& params, Answer answer)
{
    const auto picture = m_sources.picture(text(params, "picture"));
    if (!picture.is_null()) {
        m_port.write({}, picture);
    }
    later(std::move(answer),
          picture.is_null() ? EffectResult::failed(Remedy::Retry) : EffectResult::done());
}

void AssistEffects::leave(const QVariantMap& /*params*/, Answer answer)
{
    m_port.leave("withdrawn");
    later(std::move(answer), EffectResult::done());
}

void AssistEffects::look()
{
    const auto& news = m_port.known().news();
    if (!news) {
        return;
    }
    const bool through = news->state >= AssistState::WrapUp;
    if (m_promise && through) {
        later(std::exchange(m_promise, {}), news->state == AssistState::CallBack
                                                ? EffectResult::done()
                                                : EffectResult::failed(Remedy::Wait));
    }
    if (m_meet && isAnswered(news->state)) {
        later(std::exchange(m_meet, {}),
              EffectResult::done(
                  {{QStringLiteral("name"), QString::fromStdString(news->seat)},
                   {QStringLiteral("recorded"), m_sources.recorded && news->mode != Mode::Text}}));
    } else if (m_meet && through) {
        later(std::exchange(m_meet, {}), EffectResult::failed(Remedy::CallStaff));
    }
    if (m_talk && !isAnswered(news->state)) {
        later(std::exchange(m_talk, {}),
              ended(through ? QString::fromStdString(news->outcome.empty() ? "done" : news->outcome)
                            : QStringLiteral("transfer")));
    }
}

} // namespace guichet::kiosk
