// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/net/connection.h"
#include "peripherals/net/deadlines.h"
#include "peripherals/net/http_exchange.h"
#include "peripherals/net/next.h"
#include "peripherals/net/streams.h"
#include "peripherals/net/websocket_codec.h"
#include "peripherals/net/workers.h"

namespace guichet::net {

/// The loop's end of an event stream or a WebSocket, from the request that asks for it. The domain
/// learns that the stream is gone when the session goes. Thread-bound.
class StreamSession {
public:
    /// What a session works with; all of it outlives the session.
    struct Setting {
        Connection& connection;
        Deadlines::Place& deadline;
        HttpExchange& exchange;
        const std::string& peer;
        Workers& workers;
        std::atomic<std::size_t>& count; ///< of the streams that are open
    };

    explicit StreamSession(Setting setting)
        : m_setting(setting)
    {
    }
    virtual ~StreamSession() = default;
    StreamSession(const StreamSession&) = delete;
    StreamSession& operator=(const StreamSession&) = delete;

    /// The handler accepts; the callbacks are a WebSocket's.
    void open(SocketCallbacks callbacks);
    [[nodiscard]] virtual Next step() = 0;
    /// Time for a heartbeat. False: the peer has not even read, or answered, the last one.
    [[nodiscard]] virtual bool beat() = 0;

protected:
    /// To be called before the stream ends for the domain.
    void uncount();
    /// False when the peer reads too slowly.
    [[nodiscard]] bool takeOutbox(Outbox& outbox);
    void startClosing() { m_closing = true; }
    [[nodiscard]] bool closing() const { return m_closing; }
    [[nodiscard]] bool allSaid() const { return m_closing && connection().pending() == 0; }
    [[nodiscard]] Connection& connection() const { return m_setting.connection; }
    [[nodiscard]] const Setting& setting() const { return m_setting; }

private:
    virtual void begin(SocketCallbacks callbacks) = 0;

    const Setting m_setting;
    bool m_counted = false;
    bool m_closing = false; ///< ends when all is sent
};

class EventSession final : public StreamSession {
public:
    EventSession(Setting setting, std::shared_ptr<LiveEvents> events);
    ~EventSession() override;
    [[nodiscard]] Next step() override;
    [[nodiscard]] bool beat() override;

private:
    void begin(SocketCallbacks callbacks) override;

    const std::shared_ptr<LiveEvents> m_events;
};

class WebSocketSession final : public StreamSession {
public:
    struct Limits {
        std::size_t message;
        std::size_t unsent; ///< beyond, nothing is read from the peer
    };
    /// `key` is the request's Sec-WebSocket-Key.
    WebSocketSession(Setting setting, std::shared_ptr<LiveSocket> socket, Limits limits,
                     std::string_view key);
    ~WebSocketSession() override;
    [[nodiscard]] Next step() override;
    [[nodiscard]] bool beat() override;

private:
    void begin(SocketCallbacks callbacks) override;
    void takeFrames();
    void take(Message message);

    const std::shared_ptr<LiveSocket> m_socket;
    const Limits m_limits;
    const std::string m_accept;
    FrameReader m_frames;
    bool m_pinged = false; ///< and nothing heard since
};

} // namespace guichet::net
