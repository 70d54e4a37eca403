// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "cloudbranch/server/assists/assist_desk.h"
#include "peripherals/net/server.h"
#include "queue/api/operations.h"

namespace guichet::hub {

/// Remote staff over HTTP and WebSocket: /v1/assists for terminals, /v1/seats for staff. What it is
/// given must outlive it.
class AssistApi {
public:
    AssistApi(AssistDesk& desk, const queue::api::Staff& staff,
              queue::api::Operations::Parts operations);

    void addTo(net::Router& router);
    [[nodiscard]] const std::vector<queue::api::Operation>& operations() const
    {
        return m_operations.all();
    }

private:
    [[nodiscard]] net::Response ask(const net::Request& request, const queue::api::Caller& caller);
    [[nodiscard]] net::SocketCallbacks greet(const std::shared_ptr<net::Socket>& socket);

    AssistDesk& m_desk;
    const queue::api::Staff& m_staff;
    queue::api::Operations m_operations;
};

} // namespace guichet::hub
