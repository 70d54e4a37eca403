// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"
#include "peripherals/net/http.h"

namespace guichet::net {

struct ClientTls {
    std::string caFile = {};          ///< empty: the system's authorities
    std::string certificateFile = {}; ///< empty: no client certificate
    std::string keyFile = {};
};

struct ClientConfig {
    std::string baseUrl =
        {}; ///< "http://127.0.0.1:8480" or https://; ws:// and wss:// mean the same
    std::optional<ClientTls> tls = {};
    Headers headers = {}; ///< sent with every request, e.g. Authorization
    std::size_t maxResponse = 16 * 1024 * 1024;
    std::size_t idleConnections = 8; ///< kept alive between requests
};

/// Requests to one server over kept-alive connections. Thread-safe: concurrent requests use
/// connections of their own. Host names are resolved by the system, which no time-out cuts short.
class Client {
public:
    /// Opens no connection yet. Fails with Errc::Invalid (URL, certificate files).
    [[nodiscard]] static Result<std::unique_ptr<Client>> open(ClientConfig config);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Any status is a success. Fails with Errc::Timeout, Disconnected, Denied (TLS), Protocol,
    /// Cancelled. Sends once; only a request that changes nothing (GET, HEAD) or carries an
    /// Idempotency-Key is sent again when a kept-alive connection turns out to be closed.
    [[nodiscard]] Result<Response> send(const Request& request, std::chrono::milliseconds timeout,
                                        std::stop_token stop = {});

    /// Sends until there is an answer other than 408, 425, 429, 502, 503, 504 or 409 with a
    /// retryable problem, or until `deadline` has passed, with back-off and always the same
    /// Idempotency-Key (made up when the request has none). Fails as send(), with the last error;
    /// the last answer is returned if there was one.
    [[nodiscard]] Result<Response> sendIdempotent(Request request,
                                                  std::chrono::milliseconds timeout,
                                                  std::chrono::milliseconds deadline,
                                                  std::stop_token stop = {});

private:
    class Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

struct ServerEvent {
    std::string id;    ///< last id seen so far
    std::string event; ///< "message" when the server named none
    std::string data;
};

enum class StreamState { Connecting, Open, Waiting };

struct EventSourceConfig {
    ClientConfig server = {};
    Request request = {}; ///< path, query and headers of the stream
    std::string lastEventId = {};
    std::chrono::milliseconds connectTimeout{5'000};
    std::chrono::milliseconds silence{45'000}; ///< without heartbeat: reconnect
    std::chrono::milliseconds firstRetry{250}; ///< doubles up to maxRetry
    std::chrono::milliseconds maxRetry{10'000};
};

/// Follows a Server-Sent Events stream for ever: reconnects with Last-Event-ID and back-off.
/// Callbacks run on its own thread; it must not be destroyed from one of them.
class EventSource {
public:
    using OnEvent = std::function<void(const ServerEvent&)>;
    /// `error` says why we wait, and is null otherwise.
    using OnState = std::function<void(StreamState state, const Error* error)>;

    /// Fails with Errc::Invalid (URL, certificate files). A server that is away is no failure.
    [[nodiscard]] static Result<std::unique_ptr<EventSource>>
    open(EventSourceConfig config, OnEvent onEvent, OnState onState);
    /// Returns promptly; no callback runs afterwards.
    ~EventSource();
    EventSource(const EventSource&) = delete;
    EventSource& operator=(const EventSource&) = delete;

private:
    class Impl;
    explicit EventSource(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

struct WebSocketClientConfig {
    ClientConfig server = {};
    Request request = {}; ///< path, query and headers of the handshake
    std::chrono::milliseconds connectTimeout{5'000};
    std::chrono::milliseconds ping{15'000}; ///< no answer to it by the next one: disconnected
    std::size_t maxMessage = 2 * 1024 * 1024;
    std::size_t maxUnsent = 8 * 1024 * 1024;
};

/// One WebSocket connection; it does not reconnect. Callbacks run on its own thread, from which it
/// must not be destroyed.
class WebSocketClient {
public:
    struct Callbacks {
        std::function<void(std::string_view)> onText;
        /// Once, unless destroyed before. The detail names the close code.
        std::function<void(const Error&)> onClosed;
    };

    /// Waits for the handshake. Fails with Errc::Timeout, Disconnected, Denied (401, 403, TLS),
    /// NotFound (404), Protocol, Invalid, Cancelled.
    [[nodiscard]] static Result<std::unique_ptr<WebSocketClient>>
    connect(WebSocketClientConfig config, Callbacks callbacks, std::stop_token stop = {});
    /// Returns promptly; no callback runs afterwards.
    ~WebSocketClient();
    WebSocketClient(const WebSocketClient&) = delete;
    WebSocketClient& operator=(const WebSocketClient&) = delete;

    /// Thread-safe, never blocks. Fails with Errc::Disconnected, or Busy when too much is unsent.
    [[nodiscard]] Result<void> send(std::string_view text);
    [[nodiscard]] bool open() const;

private:
    class Impl;
    explicit WebSocketClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace guichet::net
