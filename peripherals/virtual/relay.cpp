// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/relay.h"

#include <array>
#include <cerrno>
#include <vector>

#include <sys/socket.h>

#include <poll.h>

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kPairsMost = 512;
constexpr std::chrono::milliseconds kConnectTimeout{1000}; ///< loopback answers at once

} // namespace

Result<std::unique_ptr<Relay>> Relay::start(Endpoint listen, Endpoint target)
{
    auto port = Port::take(std::move(listen));
    if (!port) {
        return fail(std::move(port.error()), "relay");
    }
    return std::unique_ptr<Relay>(new Relay(std::move(target), std::move(*port)));
}

Relay::Relay(Endpoint target, Port port)
    : m_target(std::move(target))
    , m_port(std::move(port))
    , m_thread([this] { run(); })
{
}

Relay::~Relay()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_waker.wake();
    m_thread.join();
}

Relay::State Relay::state() const
{
    const std::lock_guard lock(m_mutex);
    auto state = m_state;
    state.connections = m_pairs.size();
    return state;
}

Result<void> Relay::set(Line line)
{
    const std::lock_guard lock(m_mutex);
    if (line == Line::Cut) {
        for (auto& pair : m_pairs) {
            breakOff(pair.client);
            breakOff(pair.target);
        }
        m_pairs.clear();
        m_port.close();
    } else if (m_port.listener() < 0) {
        if (auto opened = m_port.open(); !opened) {
            return fail(std::move(opened.error()), "relay");
        }
    }
    m_state.line = line;
    m_waker.wake();
    return {};
}

void Relay::run()
{
    std::vector<pollfd> events;
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        const bool passing = m_state.line == Line::Whole;
        const bool accepting = m_pairs.size() < kPairsMost;
        events.assign({pollfd{m_waker.fd(), POLLIN, 0},
                       pollfd{accepting ? m_port.listener() : -1, POLLIN, 0}});
        for (const auto& pair : m_pairs) {
            const auto wanted = [](const Direction& in, const Direction& out) {
                return static_cast<short>((in.waiting.empty() && !in.ended ? POLLIN : 0) |
                                          (out.waiting.empty() ? 0 : POLLOUT));
            };
            events.push_back({passing ? pair.client.get() : -1, wanted(pair.up, pair.down), 0});
            events.push_back({passing ? pair.target.get() : -1, wanted(pair.down, pair.up), 0});
        }
        lock.unlock();
        poll(events.data(), events.size(), -1);
        lock.lock();
        m_waker.drain();
        std::size_t index = 2;
        // set() may have emptied the list meanwhile; then nothing of the events is valid.
        if (m_state.line == Line::Whole && events.size() == 2 + 2 * m_pairs.size()) {
            for (auto pair = m_pairs.begin(); pair != m_pairs.end(); index += 2) {
                const bool goesOn = serve(*pair, events[index].revents, events[index + 1].revents);
                pair = goesOn ? std::next(pair) : m_pairs.erase(pair);
            }
        }
        if (events[1].revents != 0 && m_port.listener() >= 0) {
            open();
        }
    }
}

void Relay::open()
{
    Pair pair;
    pair.client = acceptFrom(m_port.listener());
    if (!pair.client) {
        return;
    }
    auto target = connectTo(m_target, kConnectTimeout);
    if (!target) {
        breakOff(pair.client);
        return;
    }
    pair.target = std::move(*target);
    m_pairs.push_back(std::move(pair));
}

bool Relay::serve(Pair& pair, short client, short target)
{
    constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
    const bool whole =
        move(pair.up, pair.client.get(), pair.target.get(), (client & kReadable) != 0) &&
        move(pair.down, pair.target.get(), pair.client.get(), (target & kReadable) != 0);
    if (!whole) {
        breakOff(pair.client);
        breakOff(pair.target);
        return false;
    }
    return !(pair.up.passedOn && pair.down.passedOn);
}

bool Relay::move(Direction& direction, int from, int to, bool readable)
{
    if (readable && direction.waiting.empty() && !direction.ended) {
        direction.waiting.resize(kChunk);
        const auto got = recv(from, direction.waiting.data(), kChunk, 0);
        direction.waiting.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        if (got == 0) {
            direction.ended = true;
        } else if (got < 0 && errno != EAGAIN && errno != EINTR) {
            return false;
        }
    }
    if (!direction.waiting.empty()) {
        const auto sent =
            send(to, direction.waiting.data(), direction.waiting.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            m_state.bytes += static_cast<std::uint64_t>(sent);
            direction.waiting.erase(direction.waiting.begin(), direction.waiting.begin() + sent);
        } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return false;
        }
    }
    if (direction.ended && direction.waiting.empty() && !direction.passedOn) {
        shutdown(to, SHUT_WR);
        direction.passedOn = true;
    }
    return true;
}

} // namespace guichet::virtualdevices
