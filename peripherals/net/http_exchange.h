// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "peripherals/net/connection.h"
#include "peripherals/net/deadlines.h"
#include "peripherals/net/gatekeeper.h"
#include "peripherals/net/http_codec.h"
#include "peripherals/net/next.h"

namespace guichet::net {

/// The requests of one connection and their responses, one after the other, until one is the last
/// or begins a stream. Thread-bound.
class HttpExchange {
public:
    /// What the exchanges of a server share; the figures are read by any thread.
    struct Server {
        const Gatekeeper& gatekeeper;
        const std::size_t maxHeader;
        std::atomic<std::uint64_t> requests{0};
        std::atomic<std::uint64_t> refused{0};
    };

    struct Peer {
        const std::string& address;
        std::uint16_t port;
    };

    HttpExchange(Server& server, Peer peer, Connection& connection, Deadlines::Place& deadline);

    [[nodiscard]] Next step();
    /// A deadline is over. False: there is nothing to say about it, so close.
    [[nodiscard]] bool expire(Deadline kind);

    /// Of the request that Next::Handle was about.
    [[nodiscard]] const Route& route() const { return *m_route; }
    [[nodiscard]] std::shared_ptr<const Request> takeRequest();
    /// What its handler answered.
    void answer(const Response& response);
    /// No handler is free for it.
    void refuseBusy();
    /// Counts and logs that the request, or the stream it began, was refused.
    void noteRefusal(int status);

private:
    enum class Phase { Head, Body, Handling, Writing };

    [[nodiscard]] Next stepHead();
    [[nodiscard]] Next takeHead(std::size_t size);
    [[nodiscard]] Next stepBody();
    [[nodiscard]] Next takeChunks();
    [[nodiscard]] Next stepWriting();
    [[nodiscard]] Next readOn();
    [[nodiscard]] Next handle();
    void refuse(const Response& response, bool keepAlive);
    void respond(const Response& response);

    Server& m_server;
    const Peer m_peer;
    Connection& m_connection;
    Deadlines::Place& m_deadline;
    Gatekeeper::Caller m_caller;
    Phase m_phase = Phase::Head;
    std::size_t m_scanned = 0;
    bool m_keepAlive = true;
    bool m_withBody = true;
    RequestHead m_head = {};
    const Route* m_route = nullptr;
    std::optional<ChunkedBody> m_chunks = {};
};

} // namespace guichet::net
