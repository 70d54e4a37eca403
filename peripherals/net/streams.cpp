// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/streams.h"

#include <utility>

#include "peripherals/net/event_codec.h"
#include "peripherals/net/websocket_codec.h"

namespace guichet::net {
namespace {

constexpr std::size_t kReadAhead = 1024 * 1024;

} // namespace

bool Outbox::push(std::string bytes)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone || m_closing || m_overflow) {
            return false;
        }
        if (m_pending.size() + m_unsent + bytes.size() > m_limit) {
            m_overflow = true;
        } else {
            const bool first = m_pending.empty();
            m_pending.append(bytes);
            if (!first) {
                return true;
            }
        }
    }
    m_mailbox->touch(m_connection);
    const std::lock_guard lock(m_mutex);
    return !m_overflow;
}

void Outbox::requestClose(std::string lastBytes)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone || m_closing) {
            return;
        }
        m_pending.append(lastBytes);
        m_closing = true;
    }
    m_mailbox->touch(m_connection);
}

bool Outbox::open() const
{
    const std::lock_guard lock(m_mutex);
    return !m_gone && !m_closing && !m_overflow;
}

Outbox::Taken Outbox::take(std::size_t unsent)
{
    const std::lock_guard lock(m_mutex);
    m_unsent = unsent + m_pending.size();
    return {std::exchange(m_pending, {}), m_overflow, m_closing};
}

void Outbox::markGone()
{
    const std::lock_guard lock(m_mutex);
    m_gone = true;
    m_pending.clear();
}

bool LiveEvents::send(std::string_view id, std::string_view event, std::string_view data)
{
    return m_outbox.push(encodeEvent(id, event, data));
}

bool LiveEvents::comment(std::string_view text)
{
    return m_outbox.push(encodeComment(text));
}

void LiveEvents::onClosed(std::function<void()> callback)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_gone) {
            m_onClosed = std::move(callback);
            return;
        }
    }
    callback();
}

std::function<void()> LiveEvents::markGone()
{
    m_outbox.markGone();
    const std::lock_guard lock(m_mutex);
    m_gone = true;
    if (!m_onClosed) {
        return {};
    }
    return [callback = std::exchange(m_onClosed, {})] { runGuarded(callback); };
}

bool LiveSocket::send(std::string_view text)
{
    return m_outbox.push(encodeFrame(Opcode::Text, text));
}

void LiveSocket::close(std::uint16_t code, std::string_view reason)
{
    m_outbox.requestClose(encodeFrame(Opcode::Close, encodeClose(code, reason)));
}

void LiveSocket::receive(std::string text, Workers& workers)
{
    std::unique_lock lock(m_mutex);
    m_receivedBytes += text.size() + 1;
    m_received.push_back(std::move(text));
    schedule(lock, workers);
}

void LiveSocket::end(Workers& workers)
{
    m_outbox.markGone();
    std::unique_lock lock(m_mutex);
    m_ended = true;
    schedule(lock, workers);
}

bool LiveSocket::behind() const
{
    const std::lock_guard lock(m_mutex);
    return m_receivedBytes > kReadAhead;
}

void LiveSocket::schedule(std::unique_lock<std::mutex>& lock, Workers& workers)
{
    if (!std::exchange(m_running, true)) {
        lock.unlock();
        workers.post([self = shared_from_this()] { self->drain(); });
    }
}

void LiveSocket::drain()
{
    std::unique_lock lock(m_mutex);
    while (!m_received.empty()) {
        const auto text = std::move(m_received.front());
        m_received.pop_front();
        lock.unlock();
        if (m_callbacks.onText) {
            runGuarded([this, &text] { m_callbacks.onText(text); });
        }
        lock.lock();
        const bool wasBehind = m_receivedBytes > kReadAhead;
        m_receivedBytes -= text.size() + 1;
        if (wasBehind && m_receivedBytes <= kReadAhead) {
            lock.unlock();
            m_mailbox->touch(m_connection);
            lock.lock();
        }
    }
    if (!m_ended) {
        m_running = false;
        return;
    }
    // m_running stays true: nothing follows.
    lock.unlock();
    if (m_callbacks.onClosed) {
        runGuarded(m_callbacks.onClosed);
    }
    m_callbacks = {};
}

} // namespace guichet::net
