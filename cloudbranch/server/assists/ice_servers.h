// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cloudbranch/server/assists/turn_credentials.h"

namespace guichet::hub {

/// The relay of an outlet's calls.
struct TurnSettings {
    std::vector<std::string> urls = {}; ///< none: there is no relay
    Secret<std::string> secret = {};    ///< shared with the relay
    std::chrono::seconds lifetime{3600};
    bool seatRelayOnly = true; ///< a seat's browser reaches terminals by the relay alone
};

/// The two who speak with each other.
enum class CallEnd { Terminal, Seat };

/// What each end of a call is told of the ways to the other one. Credentials are made once for each
/// assist and end, and anew when they are older than half their life. Not thread-safe.
class IceServers {
public:
    /// `settings` must outlive it.
    explicit IceServers(const TurnSettings& settings)
        : m_settings(settings)
    {
    }

    /// {"servers":[{"urls","username","credential"}],"relayOnly"}, names as WebRTC has them.
    /// `now` is of the wall clock: so is the relay's.
    [[nodiscard]] nlohmann::json document(const std::string& assist, CallEnd end, Instant now);
    /// The next document of this end has new credentials.
    void renew(const std::string& assist, CallEnd end);
    /// Assists of which an end has credentials older than half their life; these are forgotten.
    [[nodiscard]] std::set<std::string> takeOld(Instant now);
    /// Forgets all assists but these.
    void keepOnly(const std::set<std::string>& assists);

private:
    struct Made {
        TurnCredentials credentials;
        Instant at{};
    };
    [[nodiscard]] bool isOld(const Made& made, Instant now) const;

    const TurnSettings& m_settings;
    std::map<std::pair<std::string, CallEnd>, Made> m_made;
};

} // namespace guichet::hub
