// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/call_control.h"

#include <QLoggingCategory>
#include <chrono>
#include <utility>

Q_LOGGING_CATEGORY(lcMedia, "kiosk.call")

namespace guichet::kiosk {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds kPatience{10};

/// What is neither of the two ways to point points at nothing.
Pointed pointedIn(const json& message)
{
    const auto type = message.value("type", json());
    const auto within = [&message](const char* member) {
        const auto value = message.value(member, json());
        return value.is_number() && value >= 0 && value <= 1;
    };
    if (type == "highlight" && message.value("element", json()).is_string()) {
        return {QString::fromStdString(message.at("element")), std::nullopt};
    }
    if (type == "point" && within("x") && within("y")) {
        return {QString(), QPointF(message.at("x"), message.at("y"))};
    }
    return {};
}

assist::TerminalCall::Settings callSettings(CallControl::Settings& settings)
{
    settings.call.pictures = !settings.program.isEmpty();
    return std::move(settings.call);
}

} // namespace

CallControl::CallControl(AssistPort& port, Settings settings, QObject* parent)
    : QObject(parent)
    , m_port(port)
    , m_call(callSettings(settings))
{
    connect(&port, &AssistPort::changed, this, &CallControl::onPort);
    connect(&port, &AssistPort::over, this, &CallControl::onPort);
    connect(&port, &AssistPort::mediaSaid, this, [this](const signalling::Signal& signal) {
        m_call.hearSeat(signal);
        goOn();
    });
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatience);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_call.losePatience();
        goOn();
    });
    if (settings.program.isEmpty()) {
        return;
    }
    m_process = std::make_unique<assist::CallProcess>(settings.program, settings.arguments);
    connect(m_process.get(), &assist::CallProcess::heard, this, &CallControl::onEvent);
    connect(m_process.get(), &assist::CallProcess::becameReady, this, [this] {
        m_call.becomeReady();
        goOn();
    });
    connect(m_process.get(), &assist::CallProcess::lost, this, [this] {
        m_call.loseProcess();
        goOn();
    });
}

CallControl::~CallControl() = default;

void CallControl::onPort()
{
    const auto& news = m_port.known().news();
    if (m_process && news && news->state < signalling::AssistState::WrapUp) {
        m_process->start(); // while the customer waits
    }
    m_call.follow(m_port.assist(), news);
    goOn();
}

void CallControl::goOn()
{
    Look look{media(), video(), cameraOn(), recording(), written()};
    if (std::exchange(m_look, look) != look) {
        emit changed();
    }
    for (const auto& [toHub, message] : m_call.take()) {
        if (toHub) {
            m_port.say(message);
        } else if (m_process) {
            m_process->say(message);
        }
    }
    if (!m_call.waits()) {
        m_patience.stop();
    } else if (!m_patience.isActive()) {
        m_patience.start();
    }
}

void CallControl::begin(bool recorded)
{
    m_call.begin(recorded);
    goOn();
}

void CallControl::setCameraOn(bool on)
{
    m_call.showCamera(on);
    goOn();
}

bool CallControl::record(const json& command)
{
    return m_process && m_process->say(command);
}

void CallControl::onEvent(const json& event)
{
    const auto kind = event.at("event").get<std::string>(); // CallProcess has looked
    if (kind == "told" && event.contains("message") && event.at("message").is_object()) {
        emit pointedAt(pointedIn(event.at("message")));
        return;
    }
    if (kind == "sound" && event.value("dbfs", json()).is_number()) {
        emit sounded(event.at("dbfs").get<double>());
        return;
    }
    if (kind == "kept" && event.value("id", json()).is_string()) {
        emit kept(QString::fromStdString(event.at("id")));
        return;
    }
    if (kind == "failed") {
        qCWarning(lcMedia).noquote() << QString::fromStdString(event.dump());
    }
    m_call.hear(event);
    goOn();
}

} // namespace guichet::kiosk
