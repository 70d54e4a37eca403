// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/sessions.h"

#include <algorithm>
#include <utility>

namespace guichet::queue::domain {

Session& Sessions::add(Session session)
{
    auto id = session.id;
    return m_sessions.insert_or_assign(std::move(id), std::move(session)).first->second;
}

const Session* Sessions::find(const std::string& id) const
{
    const auto found = m_sessions.find(id);
    return found == m_sessions.end() ? nullptr : &found->second;
}

Session* Sessions::find(const std::string& id)
{
    const auto found = m_sessions.find(id);
    return found == m_sessions.end() ? nullptr : &found->second;
}

const Session* Sessions::at(const std::string& counter) const
{
    const auto found = std::ranges::find_if(m_sessions, [&](const auto& entry) {
        return entry.second.open && entry.second.counter == counter;
    });
    return found == m_sessions.end() ? nullptr : &found->second;
}

std::size_t Sessions::open() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_sessions, [](const auto& entry) { return entry.second.open; }));
}

std::vector<Session*> Sessions::opened()
{
    std::vector<Session*> opened;
    for (auto& [id, session] : m_sessions) {
        if (session.open) {
            opened.push_back(&session);
        }
    }
    return opened;
}

std::optional<Refusal> Sessions::refusesCall(const std::string& id, const Actor& actor) const
{
    const auto* found = find(id);
    if (found == nullptr) {
        return Refusal{RefusalCode::SessionUnknown, "there is no such session"};
    }
    if (!found->open) {
        return Refusal{RefusalCode::SessionEnded, "the session has ended"};
    }
    if (found->user != actor.name && !actor.supervisor) {
        return Refusal{RefusalCode::NotYourSession, "the session belongs to somebody else"};
    }
    if (!found->visit.empty()) {
        return Refusal{RefusalCode::SessionBusy, "the session has a called visit"};
    }
    return std::nullopt;
}

} // namespace guichet::queue::domain
