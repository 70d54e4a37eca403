// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

#include "peripherals/net/mailbox.h"
#include "peripherals/net/server.h"
#include "peripherals/net/workers.h"

namespace guichet::net {

/// Calls a handler on a worker and posts what it answers. A handler lives as long as the workers.
class Dispatch {
public:
    /// Once `stopping` is set, no more handlers are called.
    Dispatch(Workers& workers, std::shared_ptr<Mailbox> mailbox, std::size_t maxQueued,
             const std::atomic<bool>& stopping);

    using SharedRequest = std::shared_ptr<const Request>;
    /// False, and nothing is called, if too many calls wait already; the others likewise.
    [[nodiscard]] bool call(ConnectionId caller, const Handler& handler, SharedRequest request);
    [[nodiscard]] bool call(ConnectionId caller, const EventHandler& handler, SharedRequest request,
                            std::shared_ptr<EventStream> events);
    [[nodiscard]] bool call(ConnectionId caller, const SocketHandler& handler,
                            SharedRequest request, std::shared_ptr<Socket> socket);

private:
    [[nodiscard]] bool post(ConnectionId caller, std::function<Answer()> call);

    Workers& m_workers;
    const std::shared_ptr<Mailbox> m_mailbox;
    const std::size_t m_maxQueued;
    const std::atomic<bool>& m_stopping;
};

} // namespace guichet::net
