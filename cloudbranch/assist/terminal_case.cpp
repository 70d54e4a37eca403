// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/terminal_case.h"

#include <algorithm>
#include <utility>

namespace guichet::assist {

using namespace signalling;
using nlohmann::json;

namespace {

/// The member that tells two sayings of one kind apart.
const char* keyOf(SignalType type)
{
    return type == SignalType::Chat ? "id" : "request";
}

bool isSame(const json& one, const json& other, const char* member)
{
    return one.contains(member) && other.contains(member) && one.at(member) == other.at(member);
}

} // namespace

void TerminalCase::hear(const HubMessage& message)
{
    if (const auto* news = std::get_if<AssistNews>(&message)) {
        m_news = *news;
    } else if (const auto* kept = std::get_if<KeptNews>(&message)) {
        drop(kept->type, kept->body);
    } else if (const auto* said = std::get_if<Signal>(&message)) {
        take(*said);
    } else if (const auto* lines = std::get_if<std::vector<CaseLine>>(&message)) {
        m_requests.clear();
        m_approvals.clear();
        m_sayings.clear();
        for (const auto& line : *lines) {
            if (!line.own) {
                take(line.signal);
                continue;
            }
            drop(line.signal.type, line.signal.body);
            if (line.signal.type == SignalType::Chat) {
                m_sayings.push_back({true, line.signal.body.value("text", "")});
            }
        }
        for (const auto& own : m_unkept) { // said, and not in the record yet
            if (own.type == SignalType::Chat) {
                m_sayings.push_back({true, own.body.value("text", "")});
            } else {
                std::erase_if(m_requests, [&own](const Request& request) {
                    return request.id == own.body.at("request");
                });
            }
        }
    }
}

void TerminalCase::take(const Signal& said)
{
    const auto& body = said.body;
    if (said.type == SignalType::Chat) {
        m_sayings.push_back({false, body.value("text", "")});
    } else if (said.type == SignalType::Approve) {
        m_approvals.push_back({body.at("step"), body.at("ok"), body.value("reason", ""), said.by});
    } else if (said.type == SignalType::Request) {
        m_requests.push_back({body.at("request"), body.at("kind"),
                              body.value("arguments", json::object()), said.by});
    }
}

/// The hub has it: also what an earlier process of this terminal said.
void TerminalCase::drop(SignalType type, const json& body)
{
    std::erase_if(m_unkept, [&](const Own& own) {
        return own.type == type && isSame(own.body, body, keyOf(type));
    });
    if (type == SignalType::Result) {
        std::erase_if(m_requests,
                      [&](const Request& request) { return request.id == body.at("request"); });
    }
}

std::string TerminalCase::keep(SignalType type, json body)
{
    auto message = body;
    message["type"] = name(type);
    m_unkept.push_back({type, std::move(body)});
    return message.dump();
}

std::string TerminalCase::answer(const std::string& request, const std::string& outcome,
                                 const json& detail)
{
    std::erase_if(m_requests, [&](const Request& asked) { return asked.id == request; });
    json body{{"request", request}, {"outcome", outcome}};
    if (!detail.empty()) {
        body["detail"] = detail;
    }
    return keep(SignalType::Result, std::move(body));
}

std::string TerminalCase::say(const std::string& id, const std::string& text, const json& picture)
{
    m_sayings.push_back({true, text});
    json body{{"id", id}};
    if (!text.empty()) {
        body["text"] = text;
    }
    if (!picture.is_null()) {
        body["picture"] = picture;
    }
    return keep(SignalType::Chat, std::move(body));
}

std::vector<std::string> TerminalCase::unkept() const
{
    std::vector<std::string> messages;
    for (const auto& own : m_unkept) {
        auto message = own.body;
        message["type"] = name(own.type);
        messages.push_back(message.dump());
    }
    return messages;
}

} // namespace guichet::assist
