// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>

#include <sys/socket.h>

#include <poll.h>

#include "peripherals/base/bytes.h"
#include "peripherals/virtual/sockets.h"

/// The far end of a TCP connection in tests; every wait has a deadline.
namespace guichet::test {

inline constexpr std::chrono::milliseconds kDeadline{5000};

/// Looks again and again until the condition holds; false at the deadline.
inline bool eventually(const std::function<bool()>& condition)
{
    const auto end = std::chrono::steady_clock::now() + kDeadline;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

class Wire {
public:
    explicit Wire(UniqueFd socket)
        : m_socket(std::move(socket))
    {
    }
    static Wire to(std::uint16_t port)
    {
        auto socket = virtualdevices::connectTo({"127.0.0.1", port}, kDeadline);
        if (!socket) {
            throw std::runtime_error(socket.error().detail);
        }
        return Wire(std::move(*socket));
    }
    /// What connects to the listener next.
    static Wire from(int listener)
    {
        pollfd event{listener, POLLIN, 0};
        if (poll(&event, 1, static_cast<int>(kDeadline.count())) != 1) {
            throw std::runtime_error("nobody connects");
        }
        return Wire(virtualdevices::acceptFrom(listener));
    }

    /// False if the line breaks.
    bool send(ByteView bytes)
    {
        while (!bytes.empty()) {
            const auto sent = ::send(m_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent > 0) {
                bytes = bytes.subspan(static_cast<std::size_t>(sent));
            } else if (errno != EAGAIN || !ready(POLLOUT)) {
                return false;
            }
        }
        return true;
    }
    bool send(std::string_view hex) { return send(*fromHex(hex)); }
    /// Up to `count` bytes; fewer when the line ends or the deadline passes.
    Bytes read(std::size_t count)
    {
        Bytes bytes(count);
        std::size_t got = 0;
        while (got < count && ready(POLLIN)) {
            const auto more = recv(m_socket.get(), bytes.data() + got, count - got, 0);
            if (more <= 0) {
                break;
            }
            got += static_cast<std::size_t>(more);
        }
        bytes.resize(got);
        return bytes;
    }
    std::string readHex(std::size_t count) { return toHex(read(count)); }
    /// True if the peer ends or breaks the line before the deadline, whatever it sends before.
    bool ends()
    {
        std::byte one{};
        while (ready(POLLIN)) {
            if (recv(m_socket.get(), &one, 1, 0) <= 0) {
                return true;
            }
        }
        return false;
    }
    /// Nothing arrives within that time.
    bool silentFor(std::chrono::milliseconds time)
    {
        pollfd event{m_socket.get(), POLLIN, 0};
        return poll(&event, 1, static_cast<int>(time.count())) == 0;
    }

private:
    bool ready(short what)
    {
        pollfd event{m_socket.get(), what, 0};
        const short ended = POLLHUP | POLLERR; // a reset may show as an error before it hangs up
        return poll(&event, 1, static_cast<int>(kDeadline.count())) == 1 &&
               (event.revents & (what | ended)) != 0;
    }

    UniqueFd m_socket;
};

} // namespace guichet::test
