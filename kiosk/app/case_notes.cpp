// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_notes.h"

#include <utility>

#include "peripherals/base/bytes.h"

namespace guichet::kiosk {

using nlohmann::json;

namespace {

json attachment(const char* mediaType, const QByteArray& content)
{
    return {
        {"mediaType", mediaType},
        {"data", toBase64(asBytes({content.data(), static_cast<std::size_t>(content.size())}))}};
}

} // namespace

CaseNotes::CaseNotes(Say say, const Clock& clock)
    : m_say(std::move(say))
    , m_clock(clock)
{
}

void CaseNotes::setCase(const std::string& caseId, bool recording)
{
    if (std::exchange(m_case, caseId) != caseId) {
        m_waiting.clear();
        m_number = 0;
        m_recording = false;
        if (auto start = std::exchange(m_start, std::nullopt); start && !caseId.empty()) {
            put(std::move(*start));
        }
    }
    if (!std::exchange(m_recording, recording) && recording) {
        for (const auto& command : m_waiting) {
            m_say(command);
        }
    }
}

void CaseNotes::onKept(const std::string& id)
{
    std::erase_if(m_waiting, [&id](const json& command) { return command.at("id") == id; });
}

json CaseNotes::entryCommand(json entry) const
{
    entry["at"] = toRfc3339(m_clock.now());
    return {{"do", "log"}, {"entry", std::move(entry)}};
}

void CaseNotes::put(json command)
{
    ++m_number;
    if (command.contains("entry")) {
        command["entry"]["entry"] = m_number;
    }
    command["id"] = std::to_string(m_number);
    if (m_recording) {
        m_say(command);
    }
    m_waiting.push_back(std::move(command));
}

void CaseNotes::note(json entry)
{
    if (!m_case.empty()) {
        put(entryCommand(std::move(entry)));
    }
}

void CaseNotes::attach(json entry, const char* mediaType, const QByteArray& content)
{
    if (!m_case.empty()) {
        auto command = entryCommand(std::move(entry));
        command["attachment"] = attachment(mediaType, content);
        put(std::move(command));
    }
}

void CaseNotes::retain(const std::string& name, std::int64_t months, bool running)
{
    if (!m_case.empty()) {
        put({{"do", "retain"}, {"class", name}, {"months", months}, {"running", running}});
    }
}

void CaseNotes::attachAtStart(json entry, const char* mediaType, const QByteArray& content)
{
    m_start = entryCommand(std::move(entry));
    (*m_start)["attachment"] = attachment(mediaType, content);
}

} // namespace guichet::kiosk
