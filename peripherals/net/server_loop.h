// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "peripherals/base/clock.h"
#include "peripherals/net/http_codec.h"
#include "peripherals/net/router_table.h"
#include "peripherals/net/server.h"
#include "peripherals/net/streams.h"
#include "peripherals/net/transport.h"
#include "peripherals/net/websocket_codec.h"

namespace guichet::net {

/// The thread that owns every connection of a server. Sockets are watched edge-triggered, so that a
/// request costs no change of interest; deadlines stand in one list per kind, in order.
class ServerLoop {
public:
    ServerLoop(ServerConfig config, Router router, UniqueFd listening,
               std::shared_ptr<TlsContext> tls);
    ~ServerLoop();
    ServerLoop(const ServerLoop&) = delete;
    ServerLoop& operator=(const ServerLoop&) = delete;

    void start();
    void stop();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerStats stats() const;

private:
    enum class Phase { Handshake, Head, Body, Handling, Writing, Events, WebSocket, Lingering };
    enum Deadline : std::size_t { Header, BodyTime, Idle, Write, Heartbeat, Linger, Kinds, None };

    struct Connection {
        ConnectionId id = 0;
        Transport transport = {};
        std::string peer = {};
        std::uint16_t peerPort = 0;
        Phase phase = Phase::Head;
        std::string in = {};
        std::size_t scanned = 0;
        std::string out = {};
        std::size_t written = 0;
        bool readable = true;
        bool hungUp = false; ///< the kernel said so: read on until the end is seen
        bool ended = false;  ///< nothing more will come
        bool keepAlive = true;
        bool withBody = true;
        bool userAllowed = false;
        RequestHead head = {};
        const Route* route = nullptr;
        std::size_t maxBody = 0;
        std::optional<ChunkedBody> chunks = {};
        std::shared_ptr<LiveEvents> events = {};
        std::shared_ptr<LiveSocket> socket = {};
        std::optional<FrameReader> frames = {};
        bool pinged = false;  ///< and nothing heard since
        bool closing = false; ///< a stream that ends when all is sent
        Deadline deadline = None;
        Ticks due = {};
        std::list<Connection*>::iterator place = {};
    };
    /// What a step of a connection asks for next.
    enum class Next { Again, Wait, Close };

    void run();
    void acceptAll();
    void admit(UniqueFd socket, std::string peer, std::uint16_t port);
    void takeMail();
    void expire();
    void expire(Connection& connection);
    [[nodiscard]] int waitMilliseconds() const;
    void arm(Connection& connection, Deadline kind);

    void advance(Connection& connection);
    [[nodiscard]] Next step(Connection& connection);
    [[nodiscard]] bool flush(Connection& connection);
    [[nodiscard]] bool fill(Connection& connection);
    [[nodiscard]] Next stepHandshake(Connection& connection);
    [[nodiscard]] Next stepHead(Connection& connection);
    [[nodiscard]] Next takeHead(Connection& connection, std::size_t size);
    [[nodiscard]] Next stepBody(Connection& connection);
    [[nodiscard]] Next stepWritten(Connection& connection);
    [[nodiscard]] Next stepEvents(Connection& connection);
    [[nodiscard]] Next stepWebSocket(Connection& connection);
    [[nodiscard]] Next stepLingering(Connection& connection);
    [[nodiscard]] Next dispatch(Connection& connection);
    [[nodiscard]] std::optional<Response> refuseHead(Connection& connection);

    void refuse(Connection& connection, Response response, bool keepAlive);
    void respond(Connection& connection, const Response& response);
    void complete(Connection& connection, Completion& completion);
    void takeOutbox(Connection& connection, Outbox& outbox);
    void endStream(Connection& connection);
    void close(Connection& connection);
    void logRefusal(const Connection& connection, int status);

    const ServerConfig m_config;
    const Router m_router;
    UniqueFd m_listening;
    const std::shared_ptr<TlsContext> m_tls;
    UniqueFd m_epoll;
    UniqueFd m_spare; ///< given up for a moment when there are no files left
    std::shared_ptr<Mailbox> m_mailbox;
    ConnectionId m_nextId = 2;
    std::unordered_map<ConnectionId, std::unique_ptr<Connection>> m_connections;
    std::unordered_map<std::string, std::size_t> m_peers;
    std::array<std::list<Connection*>, Kinds> m_deadlines;
    std::list<Connection*> m_unarmed;
    Ticks m_now = {};
    std::vector<char> m_scratch;
    std::vector<Completion> m_completions;
    std::vector<ConnectionId> m_touched;
    std::atomic<bool> m_stopping{false};
    std::atomic<std::size_t> m_connectionCount{0};
    std::atomic<std::size_t> m_streamCount{0};
    std::atomic<std::uint64_t> m_requestCount{0};
    std::atomic<std::uint64_t> m_refusedCount{0};
    std::unique_ptr<Workers> m_workers;
    std::thread m_thread;
};

} // namespace guichet::net
