// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <variant>
#include <vector>

#include "peripherals/base/unique_handle.h"
#include "peripherals/net/server.h"

namespace guichet::net {

using ConnectionId = std::uint64_t;

/// Of a handler; monostate: watch events.
using Answer = std::variant<Response, SocketCallbacks, std::monostate>;

/// The answer of a handler, on its way to the loop.
struct Completion {
    ConnectionId connection;
    Answer answer;
};

/// Where other threads leave work for the loop. Outlives the server as long as a stream does.
class Mailbox {
public:
    Mailbox();
    void post(Completion completion);
    /// Something waits in the outbox of this connection, or it may be read again.
    void touch(ConnectionId connection);
    void wake();
    [[nodiscard]] int fd() const { return m_wake.get(); }
    void take(std::vector<Completion>& completions, std::vector<ConnectionId>& touched);

private:
    void signal(std::unique_lock<std::mutex>& lock);

    std::mutex m_mutex;
    bool m_signalled = false;
    std::vector<Completion> m_completions;
    std::vector<ConnectionId> m_touched;
    UniqueFd m_wake;
};

} // namespace guichet::net
