// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "peripherals/net/admission.h"
#include "peripherals/net/connection.h"
#include "peripherals/net/deadlines.h"
#include "peripherals/net/dispatch.h"
#include "peripherals/net/gatekeeper.h"
#include "peripherals/net/http_exchange.h"
#include "peripherals/net/mailbox.h"
#include "peripherals/net/next.h"
#include "peripherals/net/server.h"
#include "peripherals/net/stream_session.h"
#include "peripherals/net/transport.h"
#include "peripherals/net/workers.h"

namespace guichet::net {

/// The thread that owns every connection of a server. It waits for sockets, mail and deadlines, and
/// moves each connection from handshake to requests, to a stream, to its end. Sockets are watched
/// edge-triggered, so that a request costs no change of interest.
class ServerLoop {
public:
    ServerLoop(ServerConfig config, std::unique_ptr<const RouteTable> routes, UniqueFd listening,
               std::shared_ptr<TlsContext> tls);
    ~ServerLoop();
    ServerLoop(const ServerLoop&) = delete;
    ServerLoop& operator=(const ServerLoop&) = delete;

    void start();
    void stop();
    /// For the connections that come from now on. Thread-safe.
    void renewTls(std::shared_ptr<TlsContext> tls);
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerStats stats() const;

private:
    enum class Phase { Handshake, Exchange, Stream, Lingering };

    /// A connection and how far it has come. It ends from below: the stream learns that it is gone,
    /// nothing is awaited any more, the peer may come again, the socket closes.
    struct Client {
        Client(ServerLoop& loop, ConnectionId clientId, Admission::Guest guest);

        const ConnectionId id;
        Connection connection;
        const Admission::Place place;
        Deadlines::Place deadline;
        Phase phase = Phase::Exchange;
        HttpExchange exchange;
        std::unique_ptr<StreamSession> stream;
    };

    void run();
    void tellLate();
    void accept();
    void watchListening(bool watch);
    void admit(Admission::Guest guest);
    void takeMail();
    void complete(Client& client, Answer& answer);
    void expire();

    void advance(Client& client);
    void startTls(Client& client);
    [[nodiscard]] bool flush(Client& client);
    [[nodiscard]] Next step(Client& client);
    [[nodiscard]] Next stepHandshake(Client& client);
    [[nodiscard]] Next stepLingering(Client& client);
    [[nodiscard]] bool dispatch(Client& client);
    void linger(Client& client);
    void close(Client& client);

    const ServerConfig m_config;
    const Gatekeeper m_gatekeeper;
    const bool m_secure;
    std::mutex m_tlsMutex;
    std::shared_ptr<TlsContext> m_tls;
    UniqueFd m_epoll;
    std::shared_ptr<Mailbox> m_mailbox;
    std::vector<char> m_scratch;
    Admission m_admission;
    Deadlines m_deadlines;
    Deadlines::Place m_accepting;
    HttpExchange::Server m_exchanges;
    std::atomic<std::size_t> m_streamCount{0};
    std::atomic<std::uint64_t> m_brokenHandshakes{0};
    ConnectionId m_nextId;
    std::unordered_map<ConnectionId, std::unique_ptr<Client>> m_clients;
    std::vector<Completion> m_completions;
    std::vector<ConnectionId> m_touched;
    std::atomic<bool> m_stopping{false};
    std::unique_ptr<Workers> m_workers;
    std::optional<Dispatch> m_dispatch;
    std::thread m_thread;
};

} // namespace guichet::net
