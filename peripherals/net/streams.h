// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "peripherals/net/mailbox.h"
#include "peripherals/net/server.h"
#include "peripherals/net/workers.h"

namespace guichet::net {

/// Bytes on their way to one connection.
class Outbox {
public:
    Outbox(std::shared_ptr<Mailbox> mailbox, ConnectionId connection, std::size_t limit)
        : m_mailbox(std::move(mailbox))
        , m_connection(connection)
        , m_limit(limit)
    {
    }
    bool push(std::string bytes);
    /// What is pushed is still sent; nothing more is taken.
    void requestClose(std::string lastBytes);
    [[nodiscard]] bool open() const;

    struct Taken {
        std::string bytes;
        bool overflow;
        bool closing;
    };
    /// For the loop; `unsent` is what it still holds of earlier bytes.
    [[nodiscard]] Taken take(std::size_t unsent);
    void setUnsent(std::size_t unsent) { m_unsent = unsent; }
    void markGone();

private:
    const std::shared_ptr<Mailbox> m_mailbox;
    const ConnectionId m_connection;
    const std::size_t m_limit;
    mutable std::mutex m_mutex;
    std::atomic<std::size_t> m_unsent{0};
    std::string m_pending;
    bool m_overflow = false;
    bool m_closing = false;
    bool m_gone = false;
};

class LiveEvents final : public EventStream {
public:
    LiveEvents(std::shared_ptr<Mailbox> mailbox, ConnectionId connection, std::size_t limit)
        : m_outbox(std::move(mailbox), connection, limit)
    {
    }
    bool send(std::string_view id, std::string_view event, std::string_view data) override;
    bool comment(std::string_view text) override;
    void close() override { m_outbox.requestClose({}); }
    [[nodiscard]] bool open() const override { return m_outbox.open(); }
    void onClosed(std::function<void()> callback) override;

    [[nodiscard]] Outbox& outbox() { return m_outbox; }
    /// For the loop: the callback to run on a worker, if one was set.
    [[nodiscard]] std::function<void()> markGone();

private:
    Outbox m_outbox;
    std::mutex m_mutex;
    bool m_gone = false;
    std::function<void()> m_onClosed;
};

class LiveSocket final : public Socket, public std::enable_shared_from_this<LiveSocket> {
public:
    LiveSocket(std::shared_ptr<Mailbox> mailbox, ConnectionId connection, std::size_t limit)
        : m_outbox(mailbox, connection, limit)
        , m_mailbox(mailbox)
        , m_connection(connection)
    {
    }
    bool send(std::string_view text) override;
    void close(std::uint16_t code, std::string_view reason) override;
    [[nodiscard]] bool open() const override { return m_outbox.open(); }

    [[nodiscard]] Outbox& outbox() { return m_outbox; }
    void setCallbacks(SocketCallbacks callbacks) { m_callbacks = std::move(callbacks); }
    /// For the loop: queue a message; the workers get one job at a time for this socket.
    void receive(std::string text, Workers& workers);
    /// For the loop: onClosed after all messages; nothing may be received afterwards.
    void end(Workers& workers);
    /// More waits for the callbacks than should be read ahead.
    [[nodiscard]] bool behind() const;

private:
    void schedule(std::unique_lock<std::mutex>& lock, Workers& workers);
    void drain();

    Outbox m_outbox;
    const std::shared_ptr<Mailbox> m_mailbox;
    const ConnectionId m_connection;
    SocketCallbacks m_callbacks;
    mutable std::mutex m_mutex;
    std::deque<std::string> m_received;
    std::size_t m_receivedBytes = 0;
    bool m_running = false;
    bool m_ended = false;
};

} // namespace guichet::net
