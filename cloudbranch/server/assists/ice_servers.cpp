// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/ice_servers.h"

namespace guichet::hub {

using nlohmann::json;

json IceServers::document(const std::string& assist, CallEnd end, Instant now)
{
    if (m_settings.urls.empty()) {
        return {{"servers", json::array()}, {"relayOnly", false}};
    }
    auto [made, isNew] = m_made.try_emplace({assist, end});
    if (isNew || isOld(made->second, now)) {
        const auto role = end == CallEnd::Terminal ? "terminal-" : "seat-";
        made->second = {
            turnCredentials(m_settings.secret, role + assist, now + m_settings.lifetime), now};
    }
    const auto& [username, password] = made->second.credentials;
    return {{"servers",
             {{{"urls", m_settings.urls}, {"username", username}, {"credential", password}}}},
            {"relayOnly", end == CallEnd::Seat && m_settings.seatRelayOnly}};
}

void IceServers::renew(const std::string& assist, CallEnd end)
{
    m_made.erase({assist, end});
}

std::set<std::string> IceServers::takeOld(Instant now)
{
    std::set<std::string> assists;
    std::erase_if(m_made, [&](const auto& entry) {
        const bool old = isOld(entry.second, now);
        if (old) {
            assists.insert(entry.first.first);
        }
        return old;
    });
    return assists;
}

void IceServers::keepOnly(const std::set<std::string>& assists)
{
    std::erase_if(m_made, [&](const auto& entry) { return !assists.contains(entry.first.first); });
}

/// Made in the future: the clock was set back.
bool IceServers::isOld(const Made& made, Instant now) const
{
    return now < made.at || now - made.at > m_settings.lifetime / 2;
}

} // namespace guichet::hub
