// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/card_slot.h"

#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <poll.h>

#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {

namespace {

using namespace std::chrono_literals;

constexpr auto kSwapPause = 1000ms; ///< pcscd looks about every 0.4 s
constexpr auto kCallAgain = 200ms;
constexpr auto kSendTimeout = 5000ms;

/// The driver sends length and body apart: without this the kernel holds the acknowledgement of the
/// first back for 40 ms. The option falls back by itself and has to be set each time.
void acknowledgeAtOnce(int socket)
{
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
}

} // namespace

CardSlot::CardSlot(Endpoint driver)
    : m_driver(std::move(driver))
    , m_thread([this] { run(); })
{
}

CardSlot::~CardSlot()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_card.reset();
    }
    m_waker.wake();
    m_thread.join();
}

Result<void> CardSlot::insert(SlotCard card, std::chrono::milliseconds wait)
{
    std::unique_lock lock(m_mutex);
    if (m_card) {
        return fail(Errc::Conflict, "a card is in the slot");
    }
    m_state = {};
    m_state.card = card.name;
    m_state.muteAt = card.muteAtApdu;
    m_state.delay = card.delay;
    m_tearInside = false;
    m_card = std::move(card);
    ++m_generation;
    m_waker.wake();
    m_changed.wait_for(lock, wait, [this] { return m_state.connected || !m_card; });
    return {};
}

bool CardSlot::remove()
{
    const std::lock_guard lock(m_mutex);
    const bool was = m_card.has_value();
    m_card.reset();
    m_waker.wake();
    return was;
}

bool CardSlot::tearAfter(unsigned count, bool inside)
{
    const std::lock_guard lock(m_mutex);
    if (!m_card) {
        return false;
    }
    if (m_state.apdus > count || (m_state.apdus == count && !inside)) {
        m_card.reset();
    } else {
        m_state.tearAfter = count;
        m_tearInside = inside;
    }
    m_waker.wake();
    return true;
}

bool CardSlot::mute(std::optional<unsigned> number)
{
    const std::lock_guard lock(m_mutex);
    m_state.muteAt = number;
    return m_card.has_value();
}

bool CardSlot::delay(std::chrono::milliseconds time)
{
    const std::lock_guard lock(m_mutex);
    m_state.delay = time;
    return m_card.has_value();
}

CardSlot::State CardSlot::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_card ? m_state : State{};
}

bool CardSlot::present() const
{
    const std::lock_guard lock(m_mutex);
    return sameCard();
}

bool CardSlot::pause(std::chrono::milliseconds time)
{
    const auto until = std::chrono::steady_clock::now() + time;
    while (present()) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left <= 0ms) {
            return true;
        }
        pollfd news{m_waker.fd(), POLLIN, 0};
        if (poll(&news, 1, static_cast<int>(left.count())) > 0) {
            m_waker.drain();
        }
    }
    return false;
}

void CardSlot::run()
{
    for (;;) {
        std::chrono::steady_clock::time_point notBefore;
        {
            const std::lock_guard lock(m_mutex);
            if (m_stop) {
                return;
            }
            m_serving = m_generation;
            notBefore = m_slotEmptySince + kSwapPause;
        }
        if (!present()) {
            pollfd news{m_waker.fd(), POLLIN, 0};
            poll(&news, 1, -1);
            m_waker.drain();
            continue;
        }
        const auto now = std::chrono::steady_clock::now();
        if (notBefore > now) {
            pause(std::chrono::ceil<std::chrono::milliseconds>(notBefore - now));
            continue;
        }
        auto socket = connectTo(m_driver, kCallAgain);
        if (!socket) {
            pause(kCallAgain);
            continue;
        }
        {
            const std::lock_guard lock(m_mutex);
            m_state.connected = sameCard();
        }
        m_changed.notify_all();
        serve(std::move(*socket));
        {
            const std::lock_guard lock(m_mutex);
            m_state.connected = false;
            m_slotEmptySince = std::chrono::steady_clock::now();
            if (m_card) {
                m_card->chip->reset();
            }
        }
        m_changed.notify_all();
    }
}

bool CardSlot::take(int socket, std::byte* target, std::size_t count)
{
    while (count > 0) {
        if (!present()) {
            return false;
        }
        std::array<pollfd, 2> events{pollfd{socket, POLLIN, 0}, pollfd{m_waker.fd(), POLLIN, 0}};
        poll(events.data(), events.size(), -1);
        if (events[1].revents != 0) {
            m_waker.drain();
            continue;
        }
        const auto got = recv(socket, target, count, 0);
        acknowledgeAtOnce(socket);
        if (got > 0) {
            target += got;
            count -= static_cast<std::size_t>(got);
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return false;
        }
    }
    return true;
}

bool CardSlot::put(int socket, ByteView message)
{
    Bytes framed = tlv::big16(static_cast<std::uint16_t>(message.size()));
    tlv::append(framed, message);
    std::size_t sent = 0;
    while (sent < framed.size()) {
        const auto count = send(socket, framed.data() + sent, framed.size() - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            pollfd ready{socket, POLLOUT, 0};
            if (poll(&ready, 1, static_cast<int>(kSendTimeout.count())) != 1) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
    acknowledgeAtOnce(socket);
    return true;
}

void CardSlot::serve(UniqueFd socket)
{
    acknowledgeAtOnce(socket.get());
    for (;;) {
        std::array<std::byte, 2> length{};
        if (!take(socket.get(), length.data(), length.size())) {
            return;
        }
        Bytes message(std::to_integer<std::size_t>(length[0]) << 8 |
                      std::to_integer<std::size_t>(length[1]));
        if (!take(socket.get(), message.data(), message.size())) {
            return;
        }
        if (message.size() != 1) {
            if (!message.empty() && !apdu(socket.get(), message)) {
                return;
            }
            continue;
        }
        Bytes atr;
        {
            const std::lock_guard lock(m_mutex);
            if (!sameCard()) {
                return;
            }
            if (message[0] == std::byte{4}) {
                const auto own = m_card->chip->atr();
                atr.assign(own.begin(), own.end());
            } else {
                m_card->chip->reset();
            }
        }
        if (!atr.empty() && !put(socket.get(), atr)) {
            return;
        }
    }
}

bool CardSlot::apdu(int socket, ByteView command)
{
    std::chrono::milliseconds delay{0};
    Bytes reply;
    {
        const std::lock_guard lock(m_mutex);
        if (!sameCard()) {
            return false;
        }
        const auto number = ++m_state.apdus;
        if (m_tearInside && m_state.tearAfter && number >= *m_state.tearAfter) {
            m_card.reset();
            return false;
        }
        if (m_state.muteAt && number >= *m_state.muteAt) {
            return true;
        }
        delay = m_state.delay;
        reply = m_card->chip->answer(command);
    }
    if (delay > 0ms && !pause(delay)) {
        return false;
    }
    if (!put(socket, reply)) {
        return false;
    }
    const std::lock_guard lock(m_mutex);
    if (!sameCard()) {
        return false;
    }
    if (m_state.tearAfter && m_state.apdus >= *m_state.tearAfter) {
        m_card.reset();
    }
    return m_card.has_value();
}

} // namespace guichet::virtualdevices
