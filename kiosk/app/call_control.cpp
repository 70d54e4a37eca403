// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/call_control.h"

#include <QLoggingCategory>
#include <chrono>
#include <utility>

Q_LOGGING_CATEGORY(lcMedia, "kiosk.call")

namespace guichet::kiosk {

using namespace signalling;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr const char* kConsent = "recording/1"; ///< purpose and version of the words agreed to

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

json recordDocument(const CallControl::Recording& recording)
{
    json document{{"root", recording.root},
                  {"terminal", recording.terminal},
                  {"recipient", recording.recipient}};
    if (!recording.signer.empty()) {
        document["signer"] = recording.signer;
    }
    return document;
}

} // namespace

CallControl::CallControl(AssistPort& port, Settings settings, QObject* parent)
    : QObject(parent)
    , m_port(port)
    , m_settings(std::move(settings))
{
    connect(&port, &AssistPort::changed, this, &CallControl::onPort);
    connect(&port, &AssistPort::over, this, &CallControl::onPort);
    connect(&port, &AssistPort::mediaSaid, this, &CallControl::onSeat);
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatience);
    connect(&m_patience, &QTimer::timeout, this, &CallControl::textOnly);
    if (m_settings.program.isEmpty()) {
        return;
    }
    m_process = std::make_unique<assist::CallProcess>(m_settings.program, m_settings.arguments);
    connect(m_process.get(), &assist::CallProcess::heard, this, &CallControl::onEvent);
    connect(m_process.get(), &assist::CallProcess::becameReady, this, &CallControl::onPort);
    connect(m_process.get(), &assist::CallProcess::lost, this, [this] {
        m_open.clear();
        m_recording = m_held = false; // in mid-call the case is opened again in a moment
        m_connected = false;
        letGo();
        if (m_media != Media::None) {
            setMedia(Media::Lost);
            m_port.say({{"type", "media"}, {"state", "lost"}, {"mode", m_mode}});
        }
        emit changed();
    });
}

CallControl::~CallControl() = default;

void CallControl::onPort()
{
    const auto& news = m_port.known().news();
    if (!news || news->state >= AssistState::WrapUp) {
        close();
        return;
    }
    if (m_process) {
        m_process->start(); // while the customer waits
    }
    if (!isAnswered(news->state)) {
        leavePeer(); // handed on: the case goes on at another seat
        return;
    }
    if (!m_begun) {
        return;
    }
    if (!m_process || news->mode == Mode::Text || m_wordsOnly) {
        textOnly();
        return;
    }
    if (m_open.empty()) {
        open();
    }
    if (!m_open.empty() && !m_connected) {
        connectPeer();
    }
}

void CallControl::open()
{
    m_mode = name(m_port.known().news()->mode);
    json command{{"do", "open"},
                 {"case", m_port.known().news()->caseId},
                 {"mode", m_mode},
                 {"remotePicture", m_settings.picture}};
    if (!m_settings.camera.empty()) {
        command["camera"] = m_settings.camera;
    }
    if (m_record) {
        command["record"] = recordDocument(*m_settings.recording);
        m_recorded = m_port.known().news()->caseId;
        m_held = true;
        emit changed(); // before anything is written
    }
    if (m_process->say(command)) {
        m_open = m_port.assist();
        if (!m_cameraOn) {
            m_process->say({{"do", "camera"}, {"on", false}});
        }
    }
}

void CallControl::connectPeer()
{
    auto ice = m_port.known().news()->ice;
    if (ice.empty()) {
        ice = {{"servers", json::array()}, {"relayOnly", false}};
    }
    m_process->say({{"do", "connect"}, {"ice", ice}});
    m_connected = true;
    setMedia(Media::Connecting);
    m_patience.start();
}

void CallControl::leavePeer()
{
    m_patience.stop();
    if (std::exchange(m_connected, false)) {
        m_process->say({{"do", "disconnect"}});
    }
    setMedia(Media::None);
}

void CallControl::close()
{
    leavePeer();
    if (!std::exchange(m_open, {}).empty()) {
        m_process->say({{"do", "close"}});
    }
    m_cameraOn = true; // the next customer has not hidden
    m_begun = m_record = m_recording = m_wordsOnly = false;
    letGo();
}

/// The process has written the case out, or died after the call's end: nobody will write to it.
void CallControl::letGo()
{
    if (!m_held && !m_begun && !m_recorded.empty()) {
        m_recorded.clear();
        emit changed();
    }
}

void CallControl::begin(bool recorded)
{
    m_begun = true;
    m_record = recorded && m_settings.recording;
    onPort();
}

void CallControl::onOpened()
{
    m_recording = m_record;
    if (m_recording) {
        m_process->say({{"do", "log"}, {"entry", {{"consent", kConsent}, {"given", true}}}});
    }
    emit changed();
}

/// A recording that fails in mid-call ends, and the call goes on; one that never began is none, and
/// a call that must be recorded is then one of words, which the hub keeps.
void CallControl::onOpenFailed()
{
    if (!std::exchange(m_recording, false)) {
        m_patience.stop();
        m_open.clear();
        m_recorded.clear();
        m_held = m_connected = false;
        m_media = Media::None;
        m_wordsOnly = true;
        textOnly();
    }
    emit changed();
}

/// The call is one all the same; the process goes on trying.
void CallControl::textOnly()
{
    const auto& news = m_port.known().news();
    if (news && news->state == AssistState::Joining) {
        m_port.say({{"type", "media"}, {"state", "up"}, {"mode", "text"}});
    }
}

void CallControl::setMedia(Media media)
{
    if (std::exchange(m_media, media) != media) {
        emit changed();
    }
}

void CallControl::setCameraOn(bool on)
{
    if (std::exchange(m_cameraOn, on) == on) {
        return;
    }
    if (m_process) {
        m_process->say({{"do", "camera"}, {"on", on}});
    }
    emit changed();
}

void CallControl::onSeat(const Signal& signal)
{
    if (m_open.empty()) {
        return;
    }
    auto command = signal.body;
    command["do"] = name(signal.type);
    m_process->say(command);
}

void CallControl::onEvent(const json& event)
{
    const auto word = [&event](const char* member) {
        const auto found = event.find(member);
        return found != event.end() && found->is_string() ? found->get<std::string>()
                                                          : std::string();
    };
    const auto kind = word("event");
    if (kind == "offer") {
        m_port.say(
            {{"type", "offer"}, {"sdp", word("sdp")}, {"fresh", event.value("fresh", true)}});
    } else if (kind == "candidate") {
        m_port.say({{"type", "candidate"},
                    {"candidate", word("candidate")},
                    {"line", event.value("line", 0U)}});
    } else if (kind == "quality" && event.contains("figures")) {
        m_port.say({{"type", "quality"}, {"figures", event.at("figures")}});
    } else if (kind == "told" && event.contains("message") && event.at("message").is_object()) {
        emit pointedAt(pointedIn(event.at("message")));
    } else if (kind == "media") {
        const auto state = word("state");
        if (state == "up") {
            m_patience.stop();
            m_mode = word("mode");
            setMedia(Media::Up);
            m_port.say({{"type", "media"}, {"state", "up"}, {"mode", m_mode}});
        } else if (state == "weak") {
            setMedia(Media::Weak);
        } else if (state == "lost") {
            setMedia(Media::Lost);
            m_port.say({{"type", "media"}, {"state", "lost"}, {"mode", m_mode}});
        }
    } else if (kind == "opened") {
        onOpened();
    } else if (kind == "closed") {
        m_held = m_held && word("case") != m_recorded;
        letGo();
    } else if (kind == "failed") {
        qCWarning(lcMedia).noquote() << QString::fromStdString(event.dump());
        if (word("of") == "open") {
            onOpenFailed();
        }
    }
}

} // namespace guichet::kiosk
