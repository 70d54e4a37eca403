// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "peripherals/base/error.h"
#include "peripherals/net/http.h"

namespace guichet::net {

class EventStream;
class ServerLoop;
class Socket;
struct RouteTable;

/// Runs on a worker thread, any number of them at once. What it throws becomes a 500 problem.
using Handler = std::function<Response(const Request&)>;

/// Decides on a worker thread whether a watcher may watch: a response refuses, nothing accepts.
/// What was sent to the stream meanwhile goes out first. Last-Event-ID is in the request's headers.
using EventHandler =
    std::function<std::optional<Response>(const Request&, std::shared_ptr<EventStream>)>;

/// Both run on a worker, in order, never two at once for one socket. onClosed runs once, last.
struct SocketCallbacks {
    std::function<void(std::string_view)> onText;
    std::function<void()> onClosed;
};
/// Accepts a WebSocket by returning its callbacks, or refuses it with a response.
using SocketHandler =
    std::function<std::variant<SocketCallbacks, Response>(const Request&, std::shared_ptr<Socket>)>;

/// The server's end of one Server-Sent Events response. Thread-safe; shared because the domain
/// sends while the connection may already be gone. The loop adds a comment as heartbeat.
class EventStream {
public:
    virtual ~EventStream() = default;
    /// False once the watcher is gone; one that is too slow to read is dropped. Never blocks.
    /// Empty `id` or `event` leave that line out.
    virtual bool send(std::string_view id, std::string_view event, std::string_view data) = 0;
    virtual bool comment(std::string_view text) = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual bool open() const = 0;
    /// Called once on a worker when the watcher is gone, at once if it already is.
    virtual void onClosed(std::function<void()> callback) = 0;
};

/// The server's end of one WebSocket. Thread-safe; shared for the same reason.
class Socket {
public:
    virtual ~Socket() = default;
    /// One unfragmented text message. False once the peer is gone or too slow. Never blocks.
    virtual bool send(std::string_view text) = 0;
    virtual void close(std::uint16_t code = 1000, std::string_view reason = {}) = 0;
    [[nodiscard]] virtual bool open() const = 0;
};

struct RouteOptions {
    std::size_t maxBody = 64 * 1024;
    bool log = true; ///< false: refusals by this route's handler are not logged
};

/// Patterns are "/v1/visits/{id}/{action}"; a capture is one non-empty segment, or what stands
/// before the end of one, as in "{code}.ics". The more literal segment wins. `{rest*}` at the end
/// captures what is left, slashes included. Unknown path: 404; known path, other method: 405 with
/// Allow; HEAD is answered from GET.
class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    void add(std::string method, std::string pattern, Handler handler, RouteOptions options = {});
    void events(std::string pattern, EventHandler handler);
    void socket(std::string pattern, SocketHandler handler);

private:
    friend class Server; // takes the table over
    std::unique_ptr<RouteTable> m_table;
};

struct ServerTls {
    std::string certificateFile; ///< PEM chain
    std::string keyFile;
    std::string clientCaFile = {}; ///< empty: client certificates are not asked for
    bool requireClientCertificate = false;
    /// Certificates that are not yet, or no longer, valid are let in all the same: the handlers
    /// check that, by their clock and for each request.
    bool timesByHandler = false;
};

struct ServerConfig {
    std::string host = "127.0.0.1";                   ///< numeric, or a name of this machine
    std::uint16_t port = 0;                           ///< 0: any free one, see Server::port()
    unsigned workers = 16;                            ///< 1 to 64
    std::chrono::milliseconds headerDeadline{10'000}; ///< from the first byte, TLS included
    std::chrono::milliseconds bodyDeadline{20'000};
    std::chrono::milliseconds idleDeadline{75'000};  ///< a kept-alive connection without request
    std::chrono::milliseconds writeDeadline{20'000}; ///< a response nobody reads
    std::chrono::milliseconds heartbeat{15'000};     ///< of streams; more than 0
    std::size_t maxHeader = 16 * 1024;
    std::size_t maxConnections = 20'000;
    std::size_t maxConnectionsPerPeer = 512;
    std::size_t maxQueued = 4096; ///< complete requests that wait for a worker; beyond: 503
    std::size_t maxStreamBuffer = 512 * 1024;       ///< a slower watcher is dropped
    std::size_t maxSocketMessage = 2 * 1024 * 1024; ///< beyond: closed with 1009
    std::size_t maxSocketBuffer = 8 * 1024 * 1024;  ///< unsent bytes; a slower peer is dropped
    std::optional<ServerTls> tls = {};
    bool refuseOrigin = false; ///< 403 for any request that a browser's page sent
    std::vector<std::uint32_t> allowedPeerUids = {}; ///< by the kernel's socket table; empty: any
};

struct ServerStats {
    std::size_t connections = 0;
    std::size_t streams = 0; ///< SSE and WebSocket
    std::uint64_t requests = 0;
    std::uint64_t refused = 0; ///< answered with 4xx or 5xx, or closed for a limit
};

/// One thread owns every connection; complete requests go to the workers. Refused requests are
/// logged in one line without query and body.
class Server {
public:
    /// Listens when it returns. Fails with Errc::Busy (port taken), Errc::Invalid (address,
    /// certificate, workers, heartbeat) or Errc::Denied. Raises the soft limit of open files to the
    /// hard one.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerConfig config, Router router);

    /// As stop().
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] ServerStats stats() const;
    /// New connections are made with these files, those that are open go on. Only for a server that
    /// was started with TLS. Fails with Errc::Invalid; then nothing changes. Thread-safe.
    [[nodiscard]] Result<void> renewTls(const ServerTls& tls);
    /// Closes every connection and joins; waits for handlers that run. Not from a handler.
    void stop();

private:
    explicit Server(std::unique_ptr<ServerLoop> loop);
    std::unique_ptr<ServerLoop> m_loop;
};

} // namespace guichet::net
