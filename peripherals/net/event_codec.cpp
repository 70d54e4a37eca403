// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/event_codec.h"

#include <algorithm>
#include <charconv>

namespace guichet::net {
namespace {

void appendOneLine(std::string& out, std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return;
    }
    out.append(name);
    std::copy_if(value.begin(), value.end(), std::back_inserter(out),
                 [](char letter) { return letter != '\r' && letter != '\n' && letter != '\0'; });
    out += '\n';
}

void appendLines(std::string& out, std::string_view name, std::string_view value)
{
    for (;;) {
        const auto end = value.find_first_of("\r\n");
        out.append(name).append(value.substr(0, end)).append("\n");
        if (end == std::string_view::npos) {
            return;
        }
        value.remove_prefix(end + (value.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

} // namespace

std::string encodeEvent(std::string_view id, std::string_view event, std::string_view data)
{
    std::string out;
    out.reserve(id.size() + event.size() + data.size() + 32);
    appendOneLine(out, "id: ", id);
    appendOneLine(out, "event: ", event);
    appendLines(out, "data: ", data);
    return out += '\n';
}

std::string encodeComment(std::string_view text)
{
    std::string out;
    appendLines(out, ": ", text);
    return out += '\n';
}

EventParser::EventParser(std::size_t maxEvent, std::string lastId)
    : m_maxEvent(maxEvent)
    , m_lastId(std::move(lastId))
{
}

void EventParser::reset()
{
    m_line.clear();
    m_event.clear();
    m_data.clear();
    m_hasData = false;
    m_afterCr = false;
}

Result<std::vector<ServerEvent>> EventParser::feed(std::string_view text)
{
    std::vector<ServerEvent> events;
    while (!text.empty()) {
        if (m_afterCr && text.front() == '\n') {
            text.remove_prefix(1);
            m_afterCr = false;
            continue;
        }
        m_afterCr = false;
        const auto end = text.find_first_of("\r\n");
        m_line.append(text.substr(0, end));
        if (m_line.size() + m_data.size() > m_maxEvent) {
            return fail(Errc::Protocol, "events: one is too large");
        }
        if (end == std::string_view::npos) {
            break;
        }
        m_afterCr = text[end] == '\r';
        text.remove_prefix(end + 1);
        takeLine(m_line, events);
        m_line.clear();
    }
    return events;
}

void EventParser::takeLine(std::string_view line, std::vector<ServerEvent>& events)
{
    if (line.empty()) {
        if (m_hasData) {
            events.push_back({m_lastId, m_event.empty() ? "message" : m_event, m_data});
        }
        m_event.clear();
        m_data.clear();
        m_hasData = false;
        return;
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (name == "data") {
        if (m_hasData) {
            m_data += '\n';
        }
        m_data.append(value);
        m_hasData = true;
    } else if (name == "event") {
        m_event = value;
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        m_lastId = value;
    } else if (name == "retry") {
        unsigned milliseconds = 0;
        const auto* last = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), last, milliseconds);
        if (error == std::errc() && stop == last) {
            m_retry = std::chrono::milliseconds(milliseconds);
        }
    }
}

} // namespace guichet::net
