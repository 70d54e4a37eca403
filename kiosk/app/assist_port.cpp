// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/assist_port.h"

#include <QTimer>
#include <QUuid>
#include <chrono>
#include <utility>

namespace guichet::kiosk {

using namespace signalling;
using nlohmann::json;

namespace {

constexpr std::chrono::minutes kFarewell{1}; ///< then the hub has missed the terminal itself

bool isMedia(SignalType type)
{
    return type == SignalType::Answer || type == SignalType::Candidate ||
           type == SignalType::NeedOffer;
}

bool isThrough(const HubMessage& message)
{
    const auto* news = std::get_if<AssistNews>(&message);
    return news != nullptr && news->state >= AssistState::WrapUp;
}

} // namespace

AssistPort::AssistPort(queue::Client::Config hub, QObject* parent)
    : QObject(parent)
    , m_hub(std::move(hub))
{
}

AssistPort::~AssistPort() = default;

void AssistPort::ask(const queue::AssistWish& wish, const std::string& key,
                     std::function<void(const Result<std::string>&)> answer)
{
    const auto question = ++m_question;
    m_asking = std::jthread([this, hub = m_hub, wish, key, question, answer = std::move(answer)] {
        auto asked = queue::Client(hub).askAssist(wish, key);
        QMetaObject::invokeMethod(
            this,
            [this, question, answer, asked = std::move(asked)] {
                if (question == m_question) {
                    answer(asked);
                }
            },
            Qt::QueuedConnection);
    });
}

void AssistPort::follow(const std::string& assist)
{
    if (assist == m_assist) {
        return;
    }
    drop();
    m_assist = assist;
    m_line = std::make_unique<AssistLine>(m_hub, assist);
    connect(m_line.get(), &AssistLine::heard, this, &AssistPort::hear);
    connect(m_line.get(), &AssistLine::liveChanged, this, &AssistPort::changed);
    connect(m_line.get(), &AssistLine::over, this, [this] {
        drop();
        emit over();
    });
    emit changed();
}

void AssistPort::leave(const std::string& outcome)
{
    ++m_question;
    if (!m_line) {
        return;
    }
    emit ending();
    const auto& news = m_case.news();
    const bool answered = news && isAnswered(news->state);
    const auto farewell =
        (answered ? json{{"type", "hangUp"}} : json{{"type", "withdraw"}, {"outcome", outcome}})
            .dump();
    auto* line = m_line.release();
    drop();
    line->setParent(this);
    line->disconnect(this);
    connect(line, &AssistLine::heard, line, [line](const HubMessage& message) {
        if (isThrough(message)) {
            line->deleteLater();
        }
    });
    connect(line, &AssistLine::over, line, &QObject::deleteLater);
    connect(line, &AssistLine::liveChanged, line, [line, farewell](bool live) {
        if (live) {
            line->say(farewell);
        }
    });
    QTimer::singleShot(kFarewell, line, &QObject::deleteLater);
    line->say(farewell);
    emit changed();
}

void AssistPort::drop()
{
    m_assist.clear();
    m_case = {};
    if (m_line) {
        m_line->disconnect(this);
        m_line.release()->deleteLater(); // it may be the sender
    }
}

void AssistPort::hear(const HubMessage& message)
{
    m_case.hear(message);
    if (std::holds_alternative<std::vector<CaseLine>>(message)) { // a new line begins with it
        for (const auto& text : m_case.unkept()) {
            m_line->say(text);
        }
        emit renewed();
    }
    if (const auto* said = std::get_if<Signal>(&message); said != nullptr && isMedia(said->type)) {
        emit mediaSaid(*said);
        return;
    }
    if (const auto* said = std::get_if<Signal>(&message);
        said != nullptr && said->type == SignalType::Guide) {
        emit guideSaid(*said);
        return;
    }
    if (isThrough(message)) {
        emit ending();
    }
    emit changed();
}

void AssistPort::answer(const std::string& request, const std::string& outcome, const json& detail)
{
    const auto& open = m_case.requests();
    const auto asked = std::ranges::find(open, request, &assist::TerminalCase::Request::id);
    const auto what = asked == open.end() ? assist::TerminalCase::Request{.id = request} : *asked;
    const auto text = m_case.answer(request, outcome, detail);
    if (m_line) {
        m_line->say(text);
    }
    emit answered(what, outcome);
    emit changed();
}

void AssistPort::write(const std::string& text, const json& picture)
{
    const auto id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    const auto said = m_case.say(id, text, picture);
    if (m_line) {
        m_line->say(said);
    }
    emit changed();
}

bool AssistPort::promiseCall(const std::string& contact)
{
    return say({{"type", "callBack"}, {"contact", contact}});
}

bool AssistPort::say(const json& message)
{
    return m_line && m_line->say(message.dump());
}

} // namespace guichet::kiosk
