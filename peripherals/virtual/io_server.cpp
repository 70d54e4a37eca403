// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/io_server.h"

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include <poll.h>

namespace guichet::virtualdevices {

Result<std::unique_ptr<IoServer>> IoServer::start(Endpoint listen)
{
    auto port = Port::take(std::move(listen));
    if (!port) {
        return fail(std::move(port.error()), "io unit");
    }
    return std::unique_ptr<IoServer>(new IoServer(std::move(*port)));
}

IoServer::IoServer(Port port)
    : m_port(std::move(port))
    , m_thread([this] { run(); })
{
}

IoServer::~IoServer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_waker.wake();
    m_thread.join();
}

IoServer::State IoServer::state() const
{
    const std::lock_guard lock(m_mutex);
    return {m_unit.inputs(), m_unit.coils(), m_plugged, m_hosts.size()};
}

void IoServer::setInput(std::size_t at, bool on)
{
    const std::lock_guard lock(m_mutex);
    m_unit.setInput(at, on);
}

Result<void> IoServer::plug(bool in)
{
    const std::lock_guard lock(m_mutex);
    if (!in) {
        for (auto& host : m_hosts) {
            breakOff(host.socket);
        }
        m_hosts.clear();
        m_port.close();
    } else if (m_port.listener() < 0) {
        if (auto opened = m_port.open(); !opened) {
            return fail(std::move(opened.error()), "io unit");
        }
    }
    m_plugged = in;
    m_waker.wake();
    return {};
}

void IoServer::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        std::vector<pollfd> events{{m_waker.fd(), POLLIN, 0}, {m_port.listener(), POLLIN, 0}};
        for (const auto& host : m_hosts) {
            events.push_back({host.socket.get(), POLLIN, 0});
        }
        lock.unlock();
        poll(events.data(), events.size(), -1);
        lock.lock();
        m_waker.drain();
        // plug() may have closed all of them meanwhile: what is not ready any more says so.
        m_hosts.remove_if([this](Host& host) { return !serve(host); });
        if (events[1].revents != 0 && m_port.listener() >= 0) {
            if (auto socket = acceptFrom(m_port.listener())) {
                m_hosts.push_back({std::move(socket), {}});
            }
        }
    }
}

bool IoServer::serve(Host& host)
{
    std::array<std::byte, 1024> buffer{};
    const auto count = ::recv(host.socket.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return count < 0 && (errno == EAGAIN || errno == EINTR);
    }
    host.came.insert(host.came.end(), buffer.begin(), buffer.begin() + count);
    for (;;) {
        std::size_t used = 0;
        const auto answer = m_unit.answer(host.came, used);
        if (!answer) {
            return false;
        }
        if (used == 0) {
            return true;
        }
        host.came.erase(host.came.begin(), host.came.begin() + static_cast<std::ptrdiff_t>(used));
        if (::send(host.socket.get(), answer->data(), answer->size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(answer->size())) {
            return false;
        }
    }
}

} // namespace guichet::virtualdevices
