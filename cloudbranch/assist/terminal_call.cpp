// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/terminal_call.h"

#include <utility>

namespace guichet::assist {

using namespace signalling;
using nlohmann::json;

namespace {

constexpr const char* kConsent = "recording/1"; ///< purpose and version of the words agreed to

json recordDocument(const TerminalCall::Recording& recording)
{
    json document{{"root", recording.root},
                  {"terminal", recording.terminal},
                  {"recipient", recording.recipient}};
    if (!recording.signer.empty()) {
        document["signer"] = recording.signer;
    }
    return document;
}

/// The hub names servers once somebody has answered, if the outlet has any.
json iceOf(const AssistNews& news)
{
    return news.ice.empty() ? json{{"servers", json::array()}, {"relayOnly", false}} : news.ice;
}

std::string word(const json& event, const char* member)
{
    const auto found = event.find(member);
    return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
}

} // namespace

TerminalCall::TerminalCall(Settings settings)
    : m_settings(std::move(settings))
{
}

bool TerminalCall::holds() const
{
    return m_stage == Stage::Opening || m_stage == Stage::Open || m_stage == Stage::Recording;
}

void TerminalCall::follow(const std::string& assist, const std::optional<AssistNews>& news)
{
    const bool through = news && news->state >= AssistState::WrapUp;
    if (assist != m_assist || through) {
        end();
        m_news.reset();
        m_assist = assist;
    }
    if (news && !through) {
        m_news = news;
        act();
    }
}

void TerminalCall::begin(bool recorded)
{
    const bool may = recorded && m_settings.recording;
    m_wish = Wish{may, m_wish ? m_wish->mode : std::nullopt};
    act();
}

/// Does what the assist's state wants done.
void TerminalCall::act()
{
    if (!m_news) {
        return;
    }
    if (!isAnswered(m_news->state)) {
        disconnect(); // handed on: the case goes on at another seat
        return;
    }
    if (!m_wish) {
        return;
    }
    // Words that a poor line came down to are no wish: it goes on trying, at the next seat too.
    m_wish->mode = m_wish->mode.value_or(m_news->mode);
    if (m_stage == Stage::Words || !m_settings.pictures || m_wish->mode == Mode::Text) {
        losePatience();
        return;
    }
    if (!holds() && m_ready) {
        open();
    }
    if (!holds()) {
        return;
    }
    if (m_ice.is_null()) {
        connect();
    } else if (auto ice = iceOf(*m_news); ice != m_ice) {
        m_ice = std::move(ice); // the next peer connection has other credentials
        tellProcess({{"do", "servers"}, {"ice", m_ice}});
    }
    if (m_media == Media::Up && m_news->state != AssistState::Talking) {
        tellMedia("up", m_mode); // the line was cut when it was said
    }
}

void TerminalCall::open()
{
    m_mode = name(*m_wish->mode);
    json command{{"do", "open"},
                 {"case", m_news->caseId},
                 {"mode", m_mode},
                 {"remotePicture", m_settings.picture}};
    if (!m_settings.camera.empty()) {
        command["camera"] = m_settings.camera;
    }
    if (m_wish->recorded) {
        command["record"] = recordDocument(*m_settings.recording);
    }
    m_stage = Stage::Opening;
    tellProcess(std::move(command));
    if (!m_cameraOn) {
        tellProcess({{"do", "camera"}, {"on", false}});
    }
}

void TerminalCall::connect()
{
    m_ice = iceOf(*m_news);
    tellProcess({{"do", "connect"}, {"ice", m_ice}});
    m_media = Media::Connecting;
}

void TerminalCall::disconnect()
{
    if (!std::exchange(m_ice, json()).is_null()) {
        tellProcess({{"do", "disconnect"}});
    }
    m_media = Media::None;
}

/// The assist is over; the next customer has neither hidden nor agreed to anything.
void TerminalCall::end()
{
    disconnect();
    if (holds()) {
        if (m_wish && m_wish->recorded) {
            m_closing.insert(m_news->caseId);
        }
        tellProcess({{"do", "close"}});
    }
    m_stage = Stage::Idle;
    m_wish.reset();
    m_cameraOn = true;
}

void TerminalCall::becomeReady()
{
    m_ready = true;
    act();
}

/// In mid-call the case is opened again in a moment.
void TerminalCall::loseProcess()
{
    m_ready = false;
    m_closing.clear();
    m_ice = nullptr;
    if (holds()) {
        m_stage = Stage::Idle;
    }
    if (m_media != Media::None) {
        lose();
    }
}

/// Words that both have go on.
void TerminalCall::lose()
{
    m_media = Media::Lost;
    if (m_news->mode != Mode::Text) {
        tellMedia("lost", m_mode);
    }
}

void TerminalCall::losePatience()
{
    if (waits()) {
        tellMedia("up", "text");
    }
}

void TerminalCall::showCamera(bool on)
{
    if (std::exchange(m_cameraOn, on) != on && holds()) {
        tellProcess({{"do", "camera"}, {"on", on}});
    }
}

void TerminalCall::hearSeat(const Signal& signal)
{
    if (holds()) {
        auto command = signal.body;
        command["do"] = name(signal.type);
        tellProcess(std::move(command));
    }
}

void TerminalCall::hear(const json& event)
{
    const auto kind = word(event, "event");
    if (kind == "offer") {
        tellHub({{"type", "offer"},
                 {"sdp", word(event, "sdp")},
                 {"fresh", event.value("fresh", true)}});
    } else if (kind == "candidate") {
        tellHub({{"type", "candidate"},
                 {"candidate", word(event, "candidate")},
                 {"line", event.value("line", 0U)}});
    } else if (kind == "quality" && event.contains("figures")) {
        tellHub({{"type", "quality"}, {"figures", event.at("figures")}});
    } else if (kind == "media") {
        onMedia(event);
    } else if (kind == "opened" && m_stage == Stage::Opening &&
               word(event, "case") == m_news->caseId) {
        m_stage = m_wish->recorded ? Stage::Recording : Stage::Open;
        if (recording()) {
            tellProcess({{"do", "log"}, {"entry", {{"consent", kConsent}, {"given", true}}}});
        }
    } else if (kind == "closed") {
        m_closing.erase(word(event, "case"));
    } else if (kind == "failed") {
        onFailed(word(event, "of"));
    }
}

void TerminalCall::onMedia(const json& event)
{
    const auto state = word(event, "state");
    if (m_ice.is_null()) {
        return; // of a peer connection that was left meanwhile
    }
    if (state == "up") {
        m_mode = word(event, "mode");
        m_media = Media::Up;
        tellMedia("up", m_mode);
    } else if (state == "weak") {
        m_media = Media::Weak;
    } else if (state == "lost") {
        lose();
    }
}

/// A recording that fails in mid-call ends, and the call goes on; one that never began is none, and
/// a call that must be recorded is then one of words, which the hub keeps.
void TerminalCall::onFailed(const std::string& of)
{
    if (of == "connect" && m_media == Media::Connecting) {
        m_ice = nullptr; // with the next servers that the hub names
    }
    if (of != "open") {
        return;
    }
    if (m_stage == Stage::Recording) {
        m_stage = Stage::Open;
    } else if (m_stage == Stage::Opening) {
        m_stage = Stage::Words;
        m_ice = nullptr;
        m_media = Media::None;
        losePatience();
    }
}

bool TerminalCall::waits() const
{
    return m_news && m_wish && m_media != Media::Up && isAnswered(m_news->state) &&
           m_news->state != AssistState::Talking;
}

std::string TerminalCall::recorded() const
{
    const bool is = m_news && m_wish && m_wish->recorded && m_stage != Stage::Words;
    return is ? m_news->caseId : std::string();
}

std::set<std::string> TerminalCall::written() const
{
    auto cases = m_closing;
    if (auto now = recorded(); !now.empty()) {
        cases.insert(std::move(now));
    }
    return cases;
}

std::vector<TerminalCall::Said> TerminalCall::take()
{
    return std::exchange(m_said, {});
}

void TerminalCall::tellProcess(json command)
{
    m_said.push_back({false, std::move(command)});
}

void TerminalCall::tellHub(json message)
{
    m_said.push_back({true, std::move(message)});
}

void TerminalCall::tellMedia(const char* state, const std::string& mode)
{
    tellHub({{"type", "media"}, {"state", state}, {"mode", mode}});
}

} // namespace guichet::assist
