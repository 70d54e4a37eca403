// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "peripherals/net/admission.h"
#include "peripherals/net/connection.h"
#include "peripherals/net/deadlines.h"
#include "peripherals/net/gatekeeper.h"
#include "peripherals/net/http_codec.h"
#include "peripherals/net/server.h"
#include "peripherals/net/streams.h"
#include "peripherals/net/transport.h"
#include "peripherals/net/websocket_codec.h"

namespace guichet::net {

/// The thread that owns every connection of a server. Sockets are watched edge-triggered, so that a
/// request costs no change of interest; deadlines stand in one list per kind, in order.
class ServerLoop {
public:
    ServerLoop(ServerConfig config, std::unique_ptr<const RouteTable> routes, UniqueFd listening,
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

    /// A connection and how far it has come.
    struct Client {
        Client(ServerLoop& loop, ConnectionId clientId, Admission::Guest guest);

        const ConnectionId id;
        Connection connection;
        const Admission::Place place;
        const std::uint16_t port;
        Deadlines::Place deadline;
        Phase phase = Phase::Head;
        std::size_t scanned = 0;
        bool keepAlive = true;
        bool withBody = true;
        Gatekeeper::Caller caller;
        RequestHead head = {};
        const Route* route = nullptr;
        std::optional<ChunkedBody> chunks = {};
        std::shared_ptr<LiveEvents> events = {};
        std::shared_ptr<LiveSocket> socket = {};
        std::optional<FrameReader> frames = {};
        bool pinged = false;  ///< and nothing heard since
        bool closing = false; ///< a stream that ends when all is sent
    };
    /// What a step of a connection asks for next.
    enum class Next { Again, Wait, Close };

    void run();
    void admit(Admission::Guest guest);
    void takeMail();
    void expire();
    void expire(Client& client, Deadline kind);

    void advance(Client& client);
    [[nodiscard]] Next step(Client& client);
    [[nodiscard]] bool flush(Client& client);
    [[nodiscard]] Next stepHandshake(Client& client);
    [[nodiscard]] Next stepHead(Client& client);
    [[nodiscard]] Next takeHead(Client& client, std::size_t size);
    [[nodiscard]] Next stepBody(Client& client);
    [[nodiscard]] Next stepWritten(Client& client);
    [[nodiscard]] Next stepEvents(Client& client);
    [[nodiscard]] Next stepWebSocket(Client& client);
    [[nodiscard]] Next stepLingering(Client& client);
    [[nodiscard]] Next dispatch(Client& client);

    void refuse(Client& client, Response response, bool keepAlive);
    void respond(Client& client, const Response& response);
    void complete(Client& client, Completion& completion);
    [[nodiscard]] bool takeOutbox(Client& client, Outbox& outbox);
    void endStream(Client& client);
    void close(Client& client);
    void logRefusal(const Client& client, int status);

    const ServerConfig m_config;
    const Gatekeeper m_gatekeeper;
    const std::shared_ptr<TlsContext> m_tls;
    UniqueFd m_epoll;
    std::shared_ptr<Mailbox> m_mailbox;
    ConnectionId m_nextId = 2;
    std::vector<char> m_scratch;
    Admission m_admission;
    Deadlines m_deadlines;
    std::unordered_map<ConnectionId, std::unique_ptr<Client>> m_clients;
    std::vector<Completion> m_completions;
    std::vector<ConnectionId> m_touched;
    std::atomic<bool> m_stopping{false};
    std::atomic<std::size_t> m_streamCount{0};
    std::atomic<std::uint64_t> m_requestCount{0};
    std::atomic<std::uint64_t> m_refusedCount{0};
    std::unique_ptr<Workers> m_workers;
    std::thread m_thread;
};

} // namespace guichet::net
