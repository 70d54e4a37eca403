// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cloudbranch/server/assists/assist_desk.h"
#include "peripherals/net/server.h"
#include "queue/api/operations.h"

namespace guichet::hub {

/// Remote staff over HTTP and WebSocket: /v1/assists for terminals, /v1/seats for staff. What it is
/// given must outlive it.
class AssistApi {
public:
    AssistApi(AssistDesk& desk, const queue::api::Staff& staff, const Clock& clock,
              queue::api::Operations::Parts operations);

    void addTo(net::Router& router);
    /// What time does by itself; to be called once a second.
    void tick();
    [[nodiscard]] const std::vector<queue::api::Operation>& operations() const
    {
        return m_operations.all();
    }

private:
    [[nodiscard]] net::Response ask(const net::Request& request, const queue::api::Caller& caller);
    [[nodiscard]] net::SocketCallbacks greet(const std::shared_ptr<net::Socket>& socket);

    /// Somebody who has not said yet who they are.
    struct Stranger {
        std::shared_ptr<net::Socket> socket;
        std::shared_ptr<std::atomic<bool>> known;
        Ticks until{};
    };

    AssistDesk& m_desk;
    const queue::api::Staff& m_staff;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::vector<Stranger> m_strangers;
    queue::api::Operations m_operations;
};

} // namespace guichet::hub
