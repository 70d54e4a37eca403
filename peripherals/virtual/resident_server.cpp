// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/resident_server.h"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

#include <poll.h>

namespace guichet::virtualdevices {

Result<std::unique_ptr<ResidentServer>> ResidentServer::start(Endpoint listen)
{
    auto port = Port::take(std::move(listen));
    if (!port) {
        return fail(std::move(port.error()), "resident reader");
    }
    return std::unique_ptr<ResidentServer>(new ResidentServer(std::move(*port)));
}

ResidentServer::ResidentServer(Port port)
    : m_port(std::move(port))
    , m_thread([this] { run(); })
{
}

ResidentServer::~ResidentServer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_waker.wake();
    m_thread.join();
}

ResidentServer::State ResidentServer::state() const
{
    const std::lock_guard lock(m_mutex);
    auto state = m_state;
    state.card = m_reader.card() ? m_reader.card()->name : std::string();
    state.connected = bool(m_host);
    state.readings = m_reader.readings();
    return state;
}

void ResidentServer::place(const ResidentCardProfile& card)
{
    const std::lock_guard lock(m_mutex);
    m_reader.place(card);
}

bool ResidentServer::remove()
{
    const std::lock_guard lock(m_mutex);
    const bool was = m_reader.card().has_value();
    m_reader.remove();
    return was;
}

void ResidentServer::set(SdtReader::Fault fault)
{
    const std::lock_guard lock(m_mutex);
    m_state.fault = fault;
    m_reader.set(fault);
}

Result<void> ResidentServer::plug(bool in)
{
    const std::lock_guard lock(m_mutex);
    if (!in) {
        breakOff(m_host);
        m_port.close();
    } else if (m_port.listener() < 0) {
        if (auto opened = m_port.open(); !opened) {
            return fail(std::move(opened.error()), "resident reader");
        }
    }
    m_state.plugged = in;
    m_waker.wake();
    return {};
}

void ResidentServer::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        std::array<pollfd, 3> events{pollfd{m_waker.fd(), POLLIN, 0},
                                     pollfd{m_host ? -1 : m_port.listener(), POLLIN, 0},
                                     pollfd{m_host.get(), POLLIN, 0}};
        lock.unlock();
        poll(events.data(), events.size(), -1);
        lock.lock();
        m_waker.drain();
        // plug() may have closed either meanwhile.
        if (events[2].revents != 0 && m_host && !serve()) {
            m_host.reset();
        }
        if (events[1].revents != 0 && !m_host && m_port.listener() >= 0) {
            m_host = acceptFrom(m_port.listener());
        }
    }
}

bool ResidentServer::serve()
{
    std::array<std::byte, 4096> buffer{};
    const auto count = ::recv(m_host.get(), buffer.data(), buffer.size(), 0);
    if (count <= 0) {
        return count < 0 && (errno == EAGAIN || errno == EINTR);
    }
    const auto answer = m_reader.take(ByteView(buffer).first(static_cast<std::size_t>(count)));
    // An answer fits into an empty socket; a host that leaves answers lying is no host.
    return answer.empty() || ::send(m_host.get(), answer.data(), answer.size(), MSG_NOSIGNAL) ==
                                 static_cast<ssize_t>(answer.size());
}

} // namespace guichet::virtualdevices
