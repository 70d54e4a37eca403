// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/server_loop.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <fcntl.h>
#include <spdlog/spdlog.h>

#include "peripherals/net/event_codec.h"
#include "peripherals/net/peer_user.h"

namespace guichet::net {
namespace {

constexpr ConnectionId kListening = 0;
constexpr ConnectionId kMail = 1;
constexpr std::size_t kScratch = 64 * 1024;
constexpr std::size_t kKeptBuffer = 16 * 1024;
constexpr auto kLinger = std::chrono::milliseconds(2'000);
constexpr unsigned kUnacknowledgedMs = 60'000; // then the kernel gives a peer up
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kEventsHead = "HTTP/1.1 200 OK\r\n"
                                         "Content-Type: text/event-stream\r\n"
                                         "Cache-Control: no-store\r\n"
                                         "Connection: close\r\n\r\n";

/// For the log: what a stranger sent must not be able to forge a line.
std::string printable(std::string_view sent)
{
    std::string text(sent.substr(0, 32));
    std::replace_if(
        text.begin(), text.end(), [](char letter) { return letter <= 0x20 || letter >= 0x7f; },
        '?');
    return text;
}

Response bodyTooLarge()
{
    return problem(413, "body-too-large", "the body is larger than this address takes",
                   {{"body", "is too large"}});
}

Response guarded(const std::function<Response()>& call)
{
    try {
        return call();
    } catch (const std::exception& exception) {
        spdlog::error("net: a handler threw: {}", exception.what());
        return problem(500, "internal", "the request could not be completed");
    }
}

} // namespace

ServerLoop::ServerLoop(ServerConfig config, Router router, UniqueFd listening,
                       std::shared_ptr<TlsContext> tls)
    : m_config(std::move(config))
    , m_router(std::move(router))
    , m_listening(std::move(listening))
    , m_tls(std::move(tls))
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_spare(::open("/dev/null", O_RDONLY | O_CLOEXEC))
    , m_mailbox(std::make_shared<Mailbox>())
    , m_scratch(kScratch)
{
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kListening}};
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_listening.get(), &event);
    event.data.u64 = kMail;
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_mailbox->fd(), &event);
}

ServerLoop::~ServerLoop()
{
    stop();
}

void ServerLoop::start()
{
    m_workers = std::make_unique<Workers>(m_config.workers);
    m_thread = std::thread([this] { run(); });
}

void ServerLoop::stop()
{
    m_stopping = true;
    m_mailbox->wake();
    if (m_thread.joinable()) {
        m_thread.join();
    }
    m_workers.reset();
}

std::uint16_t ServerLoop::port() const
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(m_listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return address.ss_family == AF_INET
               ? ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port)
               : ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
}

ServerStats ServerLoop::stats() const
{
    return {m_connectionCount, m_streamCount, m_requestCount, m_refusedCount};
}

void ServerLoop::run()
{
    std::array<epoll_event, 256> events{};
    while (!m_stopping) {
        m_now = std::chrono::steady_clock::now();
        const int count = ::epoll_wait(m_epoll.get(), events.data(),
                                       static_cast<int>(events.size()), waitMilliseconds());
        m_now = std::chrono::steady_clock::now();
        bool mail = false;
        for (int index = 0; index < count; ++index) {
            const auto& event = events.at(static_cast<std::size_t>(index));
            if (event.data.u64 == kListening) {
                acceptAll();
                continue;
            }
            if (event.data.u64 == kMail) {
                mail = true;
                continue;
            }
            const auto found = m_connections.find(event.data.u64);
            if (found == m_connections.end()) {
                continue;
            }
            auto& connection = *found->second;
            if ((event.events & (EPOLLHUP | EPOLLERR)) != 0) {
                close(connection);
                continue;
            }
            connection.readable = connection.readable || (event.events & EPOLLIN) != 0;
            connection.hungUp = connection.hungUp || (event.events & EPOLLRDHUP) != 0;
            advance(connection);
        }
        if (mail) {
            takeMail();
        }
        expire();
    }
    while (!m_connections.empty()) {
        close(*m_connections.begin()->second);
    }
}

void ServerLoop::acceptAll()
{
    for (int round = 0; round < 256; ++round) {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        UniqueFd socket(::accept4(m_listening.get(), reinterpret_cast<sockaddr*>(&address), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) {
            if (errno == EMFILE || errno == ENFILE) {
                m_spare.reset();
                UniqueFd refused(::accept(m_listening.get(), nullptr, nullptr));
                refused.reset();
                m_spare.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
                ++m_refusedCount;
            } else if (errno != EINTR && errno != ECONNABORTED) {
                return;
            }
            continue;
        }
        std::array<char, INET6_ADDRSTRLEN> text{};
        std::uint16_t port = 0;
        if (address.ss_family == AF_INET) {
            const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
            ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
            port = ntohs(v4->sin_port);
        } else {
            const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
            ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
            port = ntohs(v6->sin6_port);
        }
        admit(std::move(socket), text.data(), port);
    }
}

void ServerLoop::admit(UniqueFd socket, std::string peer, std::uint16_t port)
{
    auto& ofPeer = m_peers[peer];
    const bool tooManyOfPeer = ofPeer >= m_config.maxConnectionsPerPeer;
    if (tooManyOfPeer || m_connections.size() >= m_config.maxConnections) {
        ++m_refusedCount;
        spdlog::info("net: refused connection {} {}", tooManyOfPeer ? 429 : 503, peer);
        if (!m_tls) {
            const auto response =
                tooManyOfPeer
                    ? problem(429, "too-many-connections", "this address has too many connections")
                    : problem(503, "busy", "the server has too many connections");
            (void)Transport(std::move(socket)).write(encodeResponse(response, false, true));
        }
        if (ofPeer == 0) {
            m_peers.erase(peer);
        }
        return;
    }
    ++ofPeer;
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnacknowledgedMs,
                 sizeof kUnacknowledgedMs);
    auto owned = std::make_unique<Connection>();
    auto& connection = *owned;
    connection.id = m_nextId++;
    connection.peer = std::move(peer);
    connection.peerPort = port;
    connection.transport = Transport(std::move(socket));
    connection.place = m_unarmed.insert(m_unarmed.end(), &connection);
    m_connections.emplace(connection.id, std::move(owned));
    m_connectionCount = m_connections.size();
    if (m_tls) {
        connection.transport.startServerTls(*m_tls);
        connection.phase = Phase::Handshake;
    }
    arm(connection, m_tls ? Header : Idle);
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                      .data = {.u64 = connection.id}};
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, connection.transport.fd(), &event);
}

void ServerLoop::arm(Connection& connection, Deadline kind)
{
    auto& from = connection.deadline == None ? m_unarmed : m_deadlines.at(connection.deadline);
    auto& to = kind == None ? m_unarmed : m_deadlines.at(kind);
    to.splice(to.end(), from, connection.place);
    connection.deadline = kind;
    const std::array<std::chrono::milliseconds, Kinds> lengths{
        m_config.headerDeadline, m_config.bodyDeadline, m_config.idleDeadline,
        m_config.writeDeadline,  m_config.heartbeat,    kLinger};
    if (kind != None) {
        connection.due = m_now + lengths.at(kind);
    }
}

int ServerLoop::waitMilliseconds() const
{
    auto wait = std::chrono::milliseconds(60'000);
    for (const auto& list : m_deadlines) {
        if (!list.empty()) {
            wait = std::min(
                wait, std::chrono::ceil<std::chrono::milliseconds>(list.front()->due - m_now));
        }
    }
    return static_cast<int>(std::max(wait, std::chrono::milliseconds(0)).count());
}

void ServerLoop::expire()
{
    for (auto& list : m_deadlines) {
        while (!list.empty() && list.front()->due <= m_now) {
            expire(*list.front());
        }
    }
}

void ServerLoop::expire(Connection& connection)
{
    const bool begun = !connection.in.empty();
    switch (connection.deadline) {
    case Header:
        if (connection.phase == Phase::Handshake || !begun) {
            close(connection);
            return;
        }
        refuse(connection,
               problem(408, "header-timeout", "the request's head came too slowly",
                       {{"header fields", "did not end in time"}}),
               false);
        break;
    case BodyTime:
        refuse(connection,
               problem(408, "body-timeout", "the request's body came too slowly",
                       {{"body", "did not end in time"}}),
               false);
        break;
    case Heartbeat:
        // A watcher that has not even read the last heartbeat is gone.
        if (connection.written < connection.out.size() || connection.pinged) {
            close(connection);
            return;
        }
        connection.pinged = connection.phase == Phase::WebSocket;
        connection.out +=
            connection.phase == Phase::Events ? encodeComment("") : encodeFrame(Opcode::Ping, "");
        arm(connection, Heartbeat);
        break;
    default:
        close(connection);
        return;
    }
    advance(connection);
}

void ServerLoop::takeMail()
{
    m_mailbox->take(m_completions, m_touched);
    for (auto& completion : m_completions) {
        if (const auto at = m_connections.find(completion.connection); at != m_connections.end()) {
            complete(*at->second, completion);
            advance(*at->second);
        } else if (auto* callbacks = std::get_if<SocketCallbacks>(&completion.answer);
                   callbacks != nullptr && callbacks->onClosed) {
            // The peer left while its handler ran; who took the socket learns that it is gone.
            m_workers->post([closed = std::move(callbacks->onClosed)] { runGuarded(closed); });
        }
    }
    for (const auto id : m_touched) {
        if (const auto at = m_connections.find(id); at != m_connections.end()) {
            advance(*at->second);
        }
    }
}

void ServerLoop::advance(Connection& connection)
{
    for (;;) {
        if (!flush(connection)) {
            close(connection);
            return;
        }
        switch (step(connection)) {
        case Next::Again:
            break;
        case Next::Wait:
            return;
        case Next::Close:
            close(connection);
            return;
        }
    }
}

ServerLoop::Next ServerLoop::step(Connection& connection)
{
    switch (connection.phase) {
    case Phase::Handshake:
        return stepHandshake(connection);
    case Phase::Head:
        return stepHead(connection);
    case Phase::Body:
        return stepBody(connection);
    case Phase::Handling:
        return Next::Wait;
    case Phase::Writing:
        return stepWritten(connection);
    case Phase::Events:
        return stepEvents(connection);
    case Phase::WebSocket:
        return stepWebSocket(connection);
    case Phase::Lingering:
        return stepLingering(connection);
    }
    return Next::Close;
}

bool ServerLoop::flush(Connection& connection)
{
    auto& out = connection.out;
    if (connection.phase == Phase::Handshake) {
        return true;
    }
    while (connection.written < out.size()) {
        const auto sent =
            connection.transport.write(std::string_view(out).substr(connection.written));
        if (sent.state == Io::Closed) {
            return false;
        }
        if (sent.state != Io::Done) {
            if (connection.written > out.size() / 2) {
                out.erase(0, std::exchange(connection.written, 0));
            }
            return true;
        }
        connection.written += sent.count;
        if (connection.deadline == Write || connection.deadline == Heartbeat) {
            arm(connection, connection.deadline); // it reads, however slowly
        }
    }
    connection.written = 0;
    out.clear();
    if (out.capacity() > kKeptBuffer) {
        out.shrink_to_fit();
    }
    return true;
}

/// Reads once. False when nothing came; `ended` tells whether more can.
bool ServerLoop::fill(Connection& connection)
{
    if (connection.ended || (!connection.readable && !connection.hungUp)) {
        return false;
    }
    const auto got = connection.transport.read(m_scratch);
    if (got.state == Io::Done) {
        connection.in.append(m_scratch.data(), got.count);
        // A short read has emptied the socket; the next bytes come with an event of their own.
        connection.readable = connection.transport.secure() || got.count == m_scratch.size();
        return true;
    }
    connection.readable = false;
    connection.ended = got.state == Io::Closed;
    return false;
}

ServerLoop::Next ServerLoop::stepHandshake(Connection& connection)
{
    switch (connection.transport.handshake()) {
    case Io::Done:
        connection.phase = Phase::Head;
        connection.readable = true;
        arm(connection, Idle);
        return Next::Again;
    case Io::Closed:
        ++m_refusedCount;
        return Next::Close;
    default:
        return Next::Wait;
    }
}

ServerLoop::Next ServerLoop::stepHead(Connection& connection)
{
    auto& in = connection.in;
    std::size_t blank = 0;
    while (std::string_view(in).substr(blank).starts_with("\r\n")) {
        blank += 2;
    }
    if (blank > 0) {
        in.erase(0, blank);
        connection.scanned = 0;
    }
    if (!in.empty() && connection.deadline != Header) {
        arm(connection, Header);
    }
    const auto end = in.find("\r\n\r\n", connection.scanned);
    if (end != std::string::npos && end + 4 <= m_config.maxHeader) {
        return takeHead(connection, end + 4);
    }
    connection.scanned = in.size() < 3 ? 0 : in.size() - 3;
    if (in.size() > m_config.maxHeader) {
        refuse(connection,
               problem(431, "head-too-large", "the request's head is too large",
                       {{"header fields", "are too large"}}),
               false);
        return Next::Again;
    }
    if (fill(connection)) {
        return Next::Again;
    }
    return connection.ended ? Next::Close : Next::Wait;
}

std::optional<Response> ServerLoop::refuseHead(Connection& connection)
{
    auto& request = connection.head.request;
    if (m_config.refuseOrigin && request.headers.has("Origin")) {
        return problem(403, "origin-refused", "web pages may not use this port",
                       {{"Origin", "is not allowed here"}});
    }
    if (!m_config.allowedPeerUids.empty() && !connection.userAllowed) {
        const auto user = peerUser(connection.transport.fd());
        const auto& allowed = m_config.allowedPeerUids;
        if (!user || std::find(allowed.begin(), allowed.end(), *user) == allowed.end()) {
            return problem(403, "user-refused", "this user may not use this port");
        }
        connection.userAllowed = true;
    }
    auto match = m_router.m_table->find(request.method, request.path);
    if (match.route == nullptr) {
        if (match.allowed.empty()) {
            return problem(404, "not-found", "there is nothing at this address");
        }
        std::string allow;
        for (const auto& method : match.allowed) {
            allow += (allow.empty() ? "" : ", ") + method + (method == "GET" ? ", HEAD" : "");
        }
        auto response = problem(405, "method-not-allowed", "the method does not fit the address");
        response.headers.set("Allow", allow);
        return response;
    }
    connection.route = match.route;
    request.params = std::move(match.params);
    connection.maxBody = match.route->options.maxBody;
    if (connection.head.contentLength > connection.maxBody) {
        return bodyTooLarge();
    }
    if (std::holds_alternative<SocketHandler>(match.route->handler)) {
        return refuseHandshake(request);
    }
    return std::nullopt;
}

ServerLoop::Next ServerLoop::takeHead(Connection& connection, std::size_t size)
{
    ++m_requestCount;
    auto parsed = parseRequestHead(std::string_view(connection.in).substr(0, size));
    connection.in.erase(0, size);
    connection.scanned = 0;
    if (!parsed) {
        const auto& refusal = parsed.error();
        refuse(connection,
               problem(refusal.status, refusal.code, refusal.detail,
                       {{std::string(refusal.field), std::string(refusal.detail)}}),
               false);
        return Next::Again;
    }
    connection.head = std::move(*parsed);
    auto& head = connection.head;
    connection.keepAlive = head.keepAlive;
    connection.withBody = head.request.method != "HEAD";
    head.request.peer = connection.peer;
    head.request.peerPort = connection.peerPort;
    head.request.peerCertificateSubject = connection.transport.peerSubject();
    const bool hasBody = head.chunked || head.contentLength > 0;
    if (auto response = refuseHead(connection)) {
        refuse(connection, std::move(*response), connection.keepAlive && !hasBody);
        return Next::Again;
    }
    if (!hasBody) {
        return dispatch(connection);
    }
    if (head.expectContinue && connection.in.empty()) {
        connection.out.append(kContinue);
    }
    if (head.chunked) {
        connection.chunks.emplace(connection.maxBody);
    }
    connection.phase = Phase::Body;
    arm(connection, BodyTime);
    return Next::Again;
}

ServerLoop::Next ServerLoop::stepBody(Connection& connection)
{
    auto& in = connection.in;
    auto& head = connection.head;
    auto& body = head.request.body;
    if (connection.chunks) {
        const auto used = connection.chunks->feed(in, body);
        if (!used) {
            connection.chunks.reset();
            refuse(connection,
                   used.error().code == Errc::Unsupported
                       ? bodyTooLarge()
                       : problem(400, "bad-chunk", "the chunked body is malformed",
                                 {{"body", "has a malformed chunk"}}),
                   false);
            return Next::Again;
        }
        in.erase(0, *used);
        if (connection.chunks->done()) {
            connection.chunks.reset();
            return dispatch(connection);
        }
    } else if (in.size() >= head.contentLength) {
        if (in.size() == head.contentLength) {
            body = std::exchange(in, {});
        } else {
            body = in.substr(0, head.contentLength);
            in.erase(0, head.contentLength);
        }
        return dispatch(connection);
    }
    if (fill(connection)) {
        return Next::Again;
    }
    return connection.ended ? Next::Close : Next::Wait;
}

ServerLoop::Next ServerLoop::dispatch(Connection& connection)
{
    connection.phase = Phase::Handling;
    arm(connection, None);
    auto request = std::make_shared<Request>(std::move(connection.head.request));
    connection.head.request = {.method = request->method, .path = request->path};
    const auto id = connection.id;
    const auto* route = connection.route;
    std::function<void()> job;
    if (std::holds_alternative<Handler>(route->handler)) {
        job = [this, id, route, request] {
            if (!m_stopping) {
                const auto& handler = std::get<Handler>(route->handler);
                m_mailbox->post({id, guarded([&] { return handler(*request); })});
            }
        };
    } else if (std::holds_alternative<EventHandler>(route->handler)) {
        connection.events = std::make_shared<LiveEvents>(m_mailbox, id, m_config.maxStreamBuffer);
        job = [this, id, route, request, events = connection.events] {
            if (m_stopping) {
                return;
            }
            std::optional<Response> refusal;
            auto failure = guarded([&] {
                refusal = std::get<EventHandler>(route->handler)(*request, events);
                return Response{};
            });
            if (failure.status != 200) {
                refusal = std::move(failure);
            }
            refusal ? m_mailbox->post({id, std::move(*refusal)})
                    : m_mailbox->post({id, std::monostate()});
        };
    } else {
        connection.socket = std::make_shared<LiveSocket>(m_mailbox, id, m_config.maxSocketBuffer);
        connection.head.request.headers.set("Sec-WebSocket-Accept",
                                            webSocketAccept(request->header("Sec-WebSocket-Key")));
        job = [this, id, route, request, socket = connection.socket] {
            if (m_stopping) {
                return;
            }
            std::variant<SocketCallbacks, Response> answer = Response{};
            auto failure = guarded([&] {
                answer = std::get<SocketHandler>(route->handler)(*request, socket);
                return Response{};
            });
            if (failure.status != 200) {
                answer = std::move(failure);
            }
            if (auto* accepted = std::get_if<SocketCallbacks>(&answer)) {
                m_mailbox->post({id, std::move(*accepted)});
            } else {
                m_mailbox->post({id, std::move(std::get<Response>(answer))});
            }
        };
    }
    if (!m_workers->post(std::move(job), m_config.maxQueued)) {
        auto response = problem(503, "busy", "the server has too much to do");
        response.headers.set("Retry-After", "1");
        endStream(connection);
        refuse(connection, std::move(response), connection.keepAlive);
        return Next::Again;
    }
    return Next::Wait;
}

void ServerLoop::complete(Connection& connection, Completion& completion)
{
    if (auto* response = std::get_if<Response>(&completion.answer)) {
        endStream(connection);
        if (response->status >= 400) {
            ++m_refusedCount;
            logRefusal(connection, response->status);
        }
        respond(connection, *response);
        return;
    }
    connection.keepAlive = false;
    ++m_streamCount;
    if (auto* callbacks = std::get_if<SocketCallbacks>(&completion.answer)) {
        connection.socket->setCallbacks(std::move(*callbacks));
        connection.frames.emplace(true, m_config.maxSocketMessage);
        connection.phase = Phase::WebSocket;
        Response response{.status = 101};
        response.headers.add("Upgrade", "websocket");
        response.headers.add("Connection", "Upgrade");
        response.headers.add("Sec-WebSocket-Accept",
                             std::string(connection.head.request.header("Sec-WebSocket-Accept")));
        connection.out += encodeResponse(response, true, false);
    } else {
        connection.phase = Phase::Events;
        connection.out += kEventsHead;
    }
    arm(connection, Heartbeat);
}

void ServerLoop::respond(Connection& connection, const Response& response)
{
    connection.out += encodeResponse(response, connection.keepAlive, connection.withBody);
    connection.phase = Phase::Writing;
    arm(connection, Write);
}

void ServerLoop::refuse(Connection& connection, Response response, bool keepAlive)
{
    ++m_refusedCount;
    connection.keepAlive = keepAlive;
    logRefusal(connection, response.status);
    respond(connection, response);
}

ServerLoop::Next ServerLoop::stepWritten(Connection& connection)
{
    if (!connection.out.empty()) {
        return Next::Wait;
    }
    if (!connection.keepAlive) {
        // Closing with unread bytes would reset the connection, and the response could be lost.
        connection.transport.finish();
        connection.phase = Phase::Lingering;
        arm(connection, Linger);
        return Next::Again;
    }
    connection.phase = Phase::Head;
    connection.head = {};
    connection.route = nullptr;
    connection.withBody = true;
    arm(connection, connection.in.empty() ? Idle : Header);
    if (connection.in.empty() && connection.in.capacity() > kKeptBuffer) {
        connection.in.shrink_to_fit();
    }
    return Next::Again;
}

ServerLoop::Next ServerLoop::stepLingering(Connection& connection)
{
    while (fill(connection)) {
        connection.in.clear();
    }
    return connection.ended ? Next::Close : Next::Wait;
}

void ServerLoop::takeOutbox(Connection& connection, Outbox& outbox)
{
    const auto unsent = connection.out.size() - connection.written;
    auto taken = outbox.take(unsent);
    if (taken.overflow) {
        spdlog::info("net: dropped a peer that reads too slowly {}", connection.peer);
        connection.ended = true;
        connection.out.clear();
        connection.written = 0;
        return;
    }
    if (taken.closing) {
        connection.closing = true;
    }
    if (!taken.bytes.empty()) {
        if (connection.out.empty()) {
            connection.out = std::move(taken.bytes);
        } else {
            connection.out += taken.bytes;
        }
    }
}

ServerLoop::Next ServerLoop::stepEvents(Connection& connection)
{
    while (fill(connection)) {
        connection.in.clear();
    }
    const auto before = connection.out.size();
    takeOutbox(connection, connection.events->outbox());
    if (connection.ended) {
        return Next::Close;
    }
    if (connection.out.size() > before) {
        return Next::Again;
    }
    connection.events->outbox().setUnsent(connection.out.size() - connection.written);
    if (connection.closing && connection.out.empty()) {
        --m_streamCount;
        endStream(connection);
        connection.transport.finish();
        connection.phase = Phase::Lingering;
        arm(connection, Linger);
        return Next::Again;
    }
    return Next::Wait;
}

ServerLoop::Next ServerLoop::stepWebSocket(Connection& connection)
{
    if (!connection.in.empty() && !connection.closing) {
        auto messages = connection.frames->feed(connection.in);
        if (!messages) {
            ++m_refusedCount;
            logRefusal(connection, messages.error().closeCode);
            connection.socket->close(messages.error().closeCode, messages.error().detail);
            connection.closing = true;
        } else {
            connection.pinged = false;
            arm(connection, Heartbeat);
            for (auto& message : *messages) {
                if (connection.closing) {
                    break;
                }
                if (message.opcode == Opcode::Text) {
                    connection.socket->receive(std::move(message.payload), *m_workers);
                } else if (message.opcode == Opcode::Ping) {
                    connection.out += encodeFrame(Opcode::Pong, message.payload);
                } else if (message.opcode == Opcode::Close) {
                    const auto code = closeCode(message.payload);
                    connection.socket->close(code == 1005 ? std::uint16_t{1000} : code, {});
                    connection.closing = true;
                }
            }
        }
    }
    connection.in.clear();
    const auto before = connection.out.size();
    takeOutbox(connection, connection.socket->outbox());
    if (connection.ended) {
        return Next::Close;
    }
    const bool more = connection.out.size() > before;
    connection.socket->outbox().setUnsent(connection.out.size() - connection.written);
    if (connection.closing && connection.out.empty() && !more) {
        --m_streamCount;
        endStream(connection);
        connection.transport.finish();
        connection.phase = Phase::Lingering;
        arm(connection, Linger);
        return Next::Again;
    }
    // A peer that sends faster than the callbacks work, or pings without reading, waits.
    const bool mayRead = !connection.socket->behind() &&
                         connection.out.size() - connection.written < m_config.maxSocketBuffer;
    if (more || (mayRead && fill(connection))) {
        return Next::Again;
    }
    return connection.ended ? Next::Close : Next::Wait;
}

void ServerLoop::endStream(Connection& connection)
{
    if (connection.events) {
        if (auto callback = connection.events->markGone()) {
            m_workers->post(std::move(callback));
        }
        connection.events.reset();
    }
    if (connection.socket) {
        connection.socket->end(*m_workers);
        connection.socket.reset();
    }
}

void ServerLoop::close(Connection& connection)
{
    if (connection.phase == Phase::Events || connection.phase == Phase::WebSocket) {
        --m_streamCount;
    }
    endStream(connection);
    auto& list = connection.deadline == None ? m_unarmed : m_deadlines.at(connection.deadline);
    list.erase(connection.place);
    if (const auto at = m_peers.find(connection.peer); at != m_peers.end() && --at->second == 0) {
        m_peers.erase(at);
    }
    m_connections.erase(connection.id);
    m_connectionCount = m_connections.size();
}

void ServerLoop::logRefusal(const Connection& connection, int status)
{
    const auto* route = connection.route;
    if (route != nullptr && !route->options.log) {
        return;
    }
    // A path without a route may be a mistyped address with a token in it, so it stays unsaid.
    spdlog::info("net: refused {} {} {} {}", printable(connection.head.request.method),
                 route != nullptr ? route->pattern : "(no route)", status, connection.peer);
}

} // namespace guichet::net
