// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "queue/domain/command.h"

namespace guichet::queue::domain {

/// Who sits at which counter in a business day. At most one session of a counter is open.
class Sessions {
public:
    Session& add(Session session);
    void clear() { m_sessions.clear(); }

    [[nodiscard]] const Session* find(const std::string& id) const;
    [[nodiscard]] Session* find(const std::string& id);
    /// The open session of a counter, or nullptr.
    [[nodiscard]] const Session* at(const std::string& counter) const;
    [[nodiscard]] std::size_t open() const;
    [[nodiscard]] std::vector<Session*> opened();
    [[nodiscard]] const std::map<std::string, Session>& all() const { return m_sessions; }

    /// Why the actor may not call somebody to this session now.
    [[nodiscard]] std::optional<Refusal> refusesCall(const std::string& id,
                                                     const Actor& actor) const;

private:
    std::map<std::string, Session> m_sessions;
};

} // namespace guichet::queue::domain
