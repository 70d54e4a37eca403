// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include <catch2/catch.hpp>

#include "peripherals/net/server.h"

namespace guichet::hub::test {

/// Somebody else's service, an SMS gateway or a push service, that keeps what it was sent, and
/// answers as it is told.
class Gateway {
public:
    Gateway()
    {
        net::Router router;
        router.add("POST", "/{name}", [this](const net::Request& request) {
            const std::lock_guard lock(m_mutex);
            m_received.push_back(request);
            m_changed.notify_all();
            return net::Response{.status = m_status};
        });
        m_server = std::move(*net::Server::start({}, std::move(router)));
    }
    ~Gateway() { m_server->stop(); }
    [[nodiscard]] std::string url() const
    {
        return "http://127.0.0.1:" + std::to_string(m_server->port());
    }
    void answer(int status)
    {
        const std::lock_guard lock(m_mutex);
        m_status = status;
    }
    net::Request next()
    {
        std::unique_lock lock(m_mutex);
        REQUIRE(m_changed.wait_for(lock, std::chrono::seconds(20),
                                   [this] { return !m_received.empty(); }));
        auto request = std::move(m_received.front());
        m_received.pop_front();
        return request;
    }
    [[nodiscard]] bool quiet()
    {
        const std::lock_guard lock(m_mutex);
        return m_received.empty();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<net::Request> m_received;
    int m_status = 204;
    std::unique_ptr<net::Server> m_server;
};

} // namespace guichet::hub::test
