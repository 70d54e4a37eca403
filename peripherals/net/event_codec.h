// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"
#include "peripherals/net/client.h"

/// Server-Sent Events as text (WHATWG HTML, section 9.2): no I/O.
namespace guichet::net {

/// Line breaks in `data` become several data lines; in `id` and `event` they are dropped.
[[nodiscard]] std::string encodeEvent(std::string_view id, std::string_view event,
                                      std::string_view data);
[[nodiscard]] std::string encodeComment(std::string_view text);

/// Takes a stream apart, however it arrives.
class EventParser {
public:
    explicit EventParser(std::size_t maxEvent, std::string lastId = {});

    /// The events that `text` completes. Fails with Errc::Protocol if one grows beyond the limit.
    [[nodiscard]] Result<std::vector<ServerEvent>> feed(std::string_view text);
    /// Drops an unfinished event: the connection is a new one.
    void reset();
    [[nodiscard]] const std::string& lastId() const { return m_lastId; }
    /// What the server wants us to wait before the next connection.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return m_retry; }

private:
    void takeLine(std::string_view line, std::vector<ServerEvent>& events);

    std::size_t m_maxEvent;
    std::string m_lastId;
    std::optional<std::chrono::milliseconds> m_retry;
    std::string m_line;
    std::string m_event;
    std::string m_data;
    bool m_hasData = false;
    bool m_afterCr = false;
};

} // namespace guichet::net
