// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <poll.h>

#include "peripherals/base/unique_handle.h"
#include "peripherals/net/client.h"
#include "peripherals/net/server.h"

namespace guichet::net::test {

using namespace std::chrono_literals;

/// A value that other threads change and the test waits for.
template <typename T> class Watched {
public:
    void change(const std::function<void(T&)>& change)
    {
        {
            const std::lock_guard lock(m_mutex);
            change(m_value);
        }
        m_changed.notify_all();
    }
    [[nodiscard]] bool wait(const std::function<bool(const T&)>& condition,
                            std::chrono::milliseconds time = 10s)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, time, [&] { return condition(m_value); });
    }
    [[nodiscard]] T get()
    {
        const std::lock_guard lock(m_mutex);
        return m_value;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    T m_value{};
};

/// A plain socket that says what it is told to, byte by byte if need be.
class RawClient {
public:
    explicit RawClient(std::uint16_t port)
        : m_socket(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected =
            ::connect(m_socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    [[nodiscard]] bool connected() const { return m_connected; }
    bool write(std::string_view bytes)
    {
        return ::send(m_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }
    /// Reads until the text contains `until`, the end, or the time is over.
    std::string read(std::string_view until, std::chrono::milliseconds time = 10s)
    {
        const auto end = std::chrono::steady_clock::now() + time;
        while (m_text.find(until) == std::string::npos && !m_ended) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd file{m_socket.get(), POLLIN, 0};
            if (left.count() <= 0 || ::poll(&file, 1, static_cast<int>(left.count())) <= 0) {
                break;
            }
            char buffer[4096];
            const auto count = ::recv(m_socket.get(), buffer, sizeof buffer, 0);
            m_ended = count <= 0;
            m_text.append(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
        }
        return m_text;
    }
    /// Everything up to the end of the connection.
    std::string readAll(std::chrono::milliseconds time = 10s)
    {
        return read(std::string_view("\x01never\x01"), time);
    }
    [[nodiscard]] bool ended() const { return m_ended; }
    void clear() { m_text.clear(); }
    /// Breaks the connection: the other side sees a reset.
    void reset()
    {
        const linger now{1, 0};
        ::setsockopt(m_socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        m_socket.reset();
    }
    void endWriting() { ::shutdown(m_socket.get(), SHUT_WR); }

private:
    UniqueFd m_socket;
    bool m_connected = false;
    bool m_ended = false;
    std::string m_text;
};

inline std::unique_ptr<Server> serve(Router router, ServerConfig config = {})
{
    auto server = Server::start(std::move(config), std::move(router));
    REQUIRE(server);
    return std::move(*server);
}

inline ClientConfig clientOf(const Server& server, const std::string& scheme = "http")
{
    return {.baseUrl = scheme + "://127.0.0.1:" + std::to_string(server.port())};
}

inline std::unique_ptr<Client> clientFor(const Server& server)
{
    auto client = Client::open(clientOf(server));
    REQUIRE(client);
    return std::move(*client);
}

} // namespace guichet::net::test
