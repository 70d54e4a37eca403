// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "peripherals/base/clock.h"
#include "peripherals/net/client.h"
#include "peripherals/net/http_codec.h"
#include "peripherals/net/transport.h"

namespace guichet::net {

/// A file that becomes readable when a stop is requested, so that poll(2) sees it.
class StopSignal {
public:
    explicit StopSignal(const std::stop_token& stop);
    [[nodiscard]] int fd() const { return m_event.get(); }
    /// Makes the file readable for another reason; drain() takes that back.
    void wake() const;
    void drain() const;

private:
    struct Wake {
        int fd;
        void operator()() const;
    };
    UniqueFd m_event;
    std::stop_callback<Wake> m_callback;
};

/// How long one exchange may take, and what cuts it short.
struct Limits {
    Ticks deadline;
    const StopSignal& signal;
    const std::stop_token& stop;
};

/// Where a client connects to, checked once.
struct Endpoint {
    Url url = {};
    std::shared_ptr<TlsContext> tls = {};
    Headers headers = {};

    [[nodiscard]] static Result<Endpoint> of(const ClientConfig& config);
    /// `request` with the path and the headers of the endpoint, as bytes.
    [[nodiscard]] Result<std::string> encode(Request request) const;
};

/// One connection of a client. Every call waits until its limits. Thread-bound.
class ClientConnection {
public:
    /// Fails with Errc::Timeout, Cancelled, Disconnected or Denied (TLS), as the others do.
    [[nodiscard]] static Result<std::unique_ptr<ClientConnection>> connect(const Endpoint& endpoint,
                                                                           const Limits& limits);
    [[nodiscard]] Result<void> write(std::string_view bytes, const Limits& limits);
    [[nodiscard]] Result<ResponseHead> readHead(std::string_view method, const Limits& limits);
    /// The body behind a head; fails with Unsupported beyond `maxBody`.
    [[nodiscard]] Result<std::string> readBody(const ResponseHead& head, std::size_t maxBody,
                                               const Limits& limits);
    /// Appends what comes to buffer(). False at the end of the stream.
    [[nodiscard]] Result<bool> read(const Limits& limits);
    [[nodiscard]] std::string& buffer() { return m_buffer; }
    /// Something unexpected came, or the end: of no use for another request.
    [[nodiscard]] bool isStale() const;
    [[nodiscard]] Transport& transport() { return m_transport; }

private:
    explicit ClientConnection(UniqueFd socket)
        : m_transport(std::move(socket))
    {
    }

    Transport m_transport;
    std::string m_buffer;
};

/// Waits for `events` of poll(2) on one file. Fails with Errc::Timeout or Cancelled.
[[nodiscard]] Result<void> waitFor(int fd, short events, const Limits& limits);

} // namespace guichet::net
