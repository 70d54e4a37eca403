// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/server_loop.h"

#include <algorithm>
#include <utility>

#include <sys/epoll.h>

#include <spdlog/spdlog.h>

#include "peripherals/net/event_codec.h"

namespace guichet::net {
namespace {

constexpr ConnectionId kListening = 0;
constexpr ConnectionId kMail = 1;
constexpr std::size_t kScratch = 64 * 1024;
constexpr auto kLinger = std::chrono::milliseconds(2'000);
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

ServerLoop::ServerLoop(ServerConfig config, std::unique_ptr<const RouteTable> routes,
                       UniqueFd listening, std::shared_ptr<TlsContext> tls)
    : m_config(std::move(config))
    , m_gatekeeper({m_config.refuseOrigin, m_config.allowedPeerUids}, std::move(routes))
    , m_tls(std::move(tls))
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_mailbox(std::make_shared<Mailbox>())
    , m_scratch(kScratch)
    , m_admission(std::move(listening), {.total = m_config.maxConnections,
                                         .perPeer = m_config.maxConnectionsPerPeer,
                                         .explains = m_tls == nullptr})
    , m_deadlines({m_config.headerDeadline, m_config.bodyDeadline, m_config.idleDeadline,
                   m_config.writeDeadline, m_config.heartbeat, kLinger})
{
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kListening}};
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_admission.fd(), &event);
    event.data.u64 = kMail;
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_mailbox->fd(), &event);
}

ServerLoop::Client::Client(ServerLoop& loop, ConnectionId clientId, Admission::Guest guest)
    : id(clientId)
    , connection(std::move(guest.socket), loop.m_scratch)
    , place(std::move(guest.place))
    , port(guest.port)
    , deadline(loop.m_deadlines, clientId)
    , caller{.socket = connection.transport().fd()}
{
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
    return m_admission.port();
}

ServerStats ServerLoop::stats() const
{
    return {m_admission.connections(), m_streamCount, m_requestCount,
            m_refusedCount + m_admission.refused()};
}

void ServerLoop::run()
{
    std::array<epoll_event, 256> events{};
    while (!m_stopping) {
        m_deadlines.setNow(std::chrono::steady_clock::now());
        const int count =
            ::epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()),
                         static_cast<int>(m_deadlines.nextWait().count()));
        m_deadlines.setNow(std::chrono::steady_clock::now());
        bool mail = false;
        for (int index = 0; index < count; ++index) {
            const auto& event = events.at(static_cast<std::size_t>(index));
            if (event.data.u64 == kListening) {
                m_admission.accept([this](auto guest) { admit(std::move(guest)); });
                continue;
            }
            if (event.data.u64 == kMail) {
                mail = true;
                continue;
            }
            const auto found = m_clients.find(event.data.u64);
            if (found == m_clients.end()) {
                continue;
            }
            auto& client = *found->second;
            if ((event.events & (EPOLLHUP | EPOLLERR)) != 0) {
                close(client);
                continue;
            }
            if ((event.events & EPOLLIN) != 0) {
                client.connection.setReadable();
            }
            if ((event.events & EPOLLRDHUP) != 0) {
                client.connection.setHungUp();
            }
            advance(client);
        }
        if (mail) {
            takeMail();
        }
        expire();
    }
    while (!m_clients.empty()) {
        close(*m_clients.begin()->second);
    }
}

void ServerLoop::admit(Admission::Guest guest)
{
    const auto id = m_nextId++;
    auto owned = std::make_unique<Client>(*this, id, std::move(guest));
    auto& client = *owned;
    m_clients.emplace(id, std::move(owned));
    if (m_tls) {
        client.connection.transport().startServerTls(*m_tls);
        client.phase = Phase::Handshake;
    }
    client.deadline.arm(m_tls ? Deadline::Header : Deadline::Idle);
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = id}};
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, client.connection.transport().fd(), &event);
}

void ServerLoop::expire()
{
    while (const auto due = m_deadlines.popDue()) {
        expire(*m_clients.at(due->owner), due->kind);
    }
}

void ServerLoop::expire(Client& client, Deadline kind)
{
    const bool begun = !client.connection.in().empty();
    switch (kind) {
    case Deadline::Header:
        if (client.phase == Phase::Handshake || !begun) {
            close(client);
            return;
        }
        refuse(client,
               problem(408, "header-timeout", "the request's head came too slowly",
                       {{"header fields", "did not end in time"}}),
               false);
        break;
    case Deadline::Body:
        refuse(client,
               problem(408, "body-timeout", "the request's body came too slowly",
                       {{"body", "did not end in time"}}),
               false);
        break;
    case Deadline::Heartbeat:
        // A watcher that has not even read the last heartbeat is gone.
        if (client.connection.pending() > 0 || client.pinged) {
            close(client);
            return;
        }
        client.pinged = client.phase == Phase::WebSocket;
        client.connection.send(client.phase == Phase::Events ? encodeComment("")
                                                             : encodeFrame(Opcode::Ping, ""));
        client.deadline.arm(Deadline::Heartbeat);
        break;
    default:
        close(client);
        return;
    }
    advance(client);
}

void ServerLoop::takeMail()
{
    m_mailbox->take(m_completions, m_touched);
    for (auto& completion : m_completions) {
        if (const auto at = m_clients.find(completion.connection); at != m_clients.end()) {
            complete(*at->second, completion);
            advance(*at->second);
        } else if (auto* callbacks = std::get_if<SocketCallbacks>(&completion.answer);
                   callbacks != nullptr && callbacks->onClosed) {
            // The peer left while its handler ran; who took the socket learns that it is gone.
            m_workers->post([closed = std::move(callbacks->onClosed)] { runGuarded(closed); });
        }
    }
    for (const auto id : m_touched) {
        if (const auto at = m_clients.find(id); at != m_clients.end()) {
            advance(*at->second);
        }
    }
}

void ServerLoop::advance(Client& client)
{
    for (;;) {
        if (!flush(client)) {
            close(client);
            return;
        }
        switch (step(client)) {
        case Next::Again:
            break;
        case Next::Wait:
            return;
        case Next::Close:
            close(client);
            return;
        }
    }
}

ServerLoop::Next ServerLoop::step(Client& client)
{
    switch (client.phase) {
    case Phase::Handshake:
        return stepHandshake(client);
    case Phase::Head:
        return stepHead(client);
    case Phase::Body:
        return stepBody(client);
    case Phase::Handling:
        return Next::Wait;
    case Phase::Writing:
        return stepWritten(client);
    case Phase::Events:
        return stepEvents(client);
    case Phase::WebSocket:
        return stepWebSocket(client);
    case Phase::Lingering:
        return stepLingering(client);
    }
    return Next::Close;
}

bool ServerLoop::flush(Client& client)
{
    const auto flushed = client.connection.flush();
    const auto armed = client.deadline.armed();
    if (flushed == Connection::Flushed::Some &&
        (armed == Deadline::Write || armed == Deadline::Heartbeat)) {
        client.deadline.arm(*armed); // it reads, however slowly
    }
    return flushed != Connection::Flushed::Closed;
}

ServerLoop::Next ServerLoop::stepHandshake(Client& client)
{
    switch (client.connection.transport().handshake()) {
    case Io::Done:
        client.phase = Phase::Head;
        client.connection.setReadable();
        client.deadline.arm(Deadline::Idle);
        return Next::Again;
    case Io::Closed:
        ++m_refusedCount;
        return Next::Close;
    default:
        return Next::Wait;
    }
}

ServerLoop::Next ServerLoop::stepHead(Client& client)
{
    auto& in = client.connection.in();
    std::size_t blank = 0;
    while (std::string_view(in).substr(blank).starts_with("\r\n")) {
        blank += 2;
    }
    if (blank > 0) {
        in.erase(0, blank);
        client.scanned = 0;
    }
    if (!in.empty() && client.deadline.armed() != Deadline::Header) {
        client.deadline.arm(Deadline::Header);
    }
    const auto end = in.find("\r\n\r\n", client.scanned);
    if (end != std::string::npos && end + 4 <= m_config.maxHeader) {
        return takeHead(client, end + 4);
    }
    client.scanned = in.size() < 3 ? 0 : in.size() - 3;
    if (in.size() > m_config.maxHeader) {
        refuse(client,
               problem(431, "head-too-large", "the request's head is too large",
                       {{"header fields", "are too large"}}),
               false);
        return Next::Again;
    }
    if (client.connection.fill()) {
        return Next::Again;
    }
    return client.connection.ended() ? Next::Close : Next::Wait;
}

ServerLoop::Next ServerLoop::takeHead(Client& client, std::size_t size)
{
    ++m_requestCount;
    auto parsed = parseRequestHead(std::string_view(client.connection.in()).substr(0, size));
    client.connection.in().erase(0, size);
    client.scanned = 0;
    if (!parsed) {
        const auto& refusal = parsed.error();
        refuse(client,
               problem(refusal.status, refusal.code, refusal.detail,
                       {{std::string(refusal.field), std::string(refusal.detail)}}),
               false);
        return Next::Again;
    }
    client.head = std::move(*parsed);
    auto& head = client.head;
    client.keepAlive = head.keepAlive;
    client.withBody = head.request.method != "HEAD";
    head.request.peer = client.place.peer();
    head.request.peerPort = client.port;
    head.request.peerCertificateSubject = client.connection.transport().peerSubject();
    const bool hasBody = head.chunked || head.contentLength > 0;
    auto verdict = m_gatekeeper.check(head, client.caller);
    client.route = verdict.route;
    if (verdict.refusal) {
        refuse(client, std::move(*verdict.refusal), client.keepAlive && !hasBody);
        return Next::Again;
    }
    if (!hasBody) {
        return dispatch(client);
    }
    if (head.expectContinue && client.connection.in().empty()) {
        client.connection.send(std::string(kContinue));
    }
    if (head.chunked) {
        client.chunks.emplace(client.route->options.maxBody);
    }
    client.phase = Phase::Body;
    client.deadline.arm(Deadline::Body);
    return Next::Again;
}

ServerLoop::Next ServerLoop::stepBody(Client& client)
{
    auto& in = client.connection.in();
    auto& head = client.head;
    auto& body = head.request.body;
    if (client.chunks) {
        const auto used = client.chunks->feed(in, body);
        if (!used) {
            client.chunks.reset();
            refuse(client,
                   used.error().code == Errc::Unsupported
                       ? bodyTooLarge()
                       : problem(400, "bad-chunk", "the chunked body is malformed",
                                 {{"body", "has a malformed chunk"}}),
                   false);
            return Next::Again;
        }
        in.erase(0, *used);
        if (client.chunks->done()) {
            client.chunks.reset();
            return dispatch(client);
        }
    } else if (in.size() >= head.contentLength) {
        if (in.size() == head.contentLength) {
            body = std::exchange(in, {});
        } else {
            body = in.substr(0, head.contentLength);
            in.erase(0, head.contentLength);
        }
        return dispatch(client);
    }
    if (client.connection.fill()) {
        return Next::Again;
    }
    return client.connection.ended() ? Next::Close : Next::Wait;
}

ServerLoop::Next ServerLoop::dispatch(Client& client)
{
    client.phase = Phase::Handling;
    client.deadline.disarm();
    auto request = std::make_shared<Request>(std::move(client.head.request));
    client.head.request = {.method = request->method, .path = request->path};
    const auto id = client.id;
    const auto* route = client.route;
    std::function<void()> job;
    if (std::holds_alternative<Handler>(route->handler)) {
        job = [this, id, route, request] {
            if (!m_stopping) {
                const auto& handler = std::get<Handler>(route->handler);
                m_mailbox->post({id, guarded([&] { return handler(*request); })});
            }
        };
    } else if (std::holds_alternative<EventHandler>(route->handler)) {
        client.events = std::make_shared<LiveEvents>(m_mailbox, id, m_config.maxStreamBuffer);
        job = [this, id, route, request, events = client.events] {
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
        client.socket = std::make_shared<LiveSocket>(m_mailbox, id, m_config.maxSocketBuffer);
        client.head.request.headers.set("Sec-WebSocket-Accept",
                                        webSocketAccept(request->header("Sec-WebSocket-Key")));
        job = [this, id, route, request, socket = client.socket] {
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
        endStream(client);
        refuse(client, std::move(response), client.keepAlive);
        return Next::Again;
    }
    return Next::Wait;
}

void ServerLoop::complete(Client& client, Completion& completion)
{
    if (auto* response = std::get_if<Response>(&completion.answer)) {
        endStream(client);
        if (response->status >= 400) {
            ++m_refusedCount;
            logRefusal(client, response->status);
        }
        respond(client, *response);
        return;
    }
    client.keepAlive = false;
    ++m_streamCount;
    if (auto* callbacks = std::get_if<SocketCallbacks>(&completion.answer)) {
        client.socket->setCallbacks(std::move(*callbacks));
        client.frames.emplace(true, m_config.maxSocketMessage);
        client.phase = Phase::WebSocket;
        Response response{.status = 101};
        response.headers.add("Upgrade", "websocket");
        response.headers.add("Connection", "Upgrade");
        response.headers.add("Sec-WebSocket-Accept",
                             std::string(client.head.request.header("Sec-WebSocket-Accept")));
        client.connection.send(encodeResponse(response, true, false));
    } else {
        client.phase = Phase::Events;
        client.connection.send(std::string(kEventsHead));
    }
    client.deadline.arm(Deadline::Heartbeat);
}

void ServerLoop::respond(Client& client, const Response& response)
{
    client.connection.send(encodeResponse(response, client.keepAlive, client.withBody));
    client.phase = Phase::Writing;
    client.deadline.arm(Deadline::Write);
}

void ServerLoop::refuse(Client& client, Response response, bool keepAlive)
{
    ++m_refusedCount;
    client.keepAlive = keepAlive;
    logRefusal(client, response.status);
    respond(client, response);
}

ServerLoop::Next ServerLoop::stepWritten(Client& client)
{
    if (client.connection.pending() > 0) {
        return Next::Wait;
    }
    if (!client.keepAlive) {
        // Closing with unread bytes would reset the connection, and the response could be lost.
        client.connection.transport().finish();
        client.phase = Phase::Lingering;
        client.deadline.arm(Deadline::Linger);
        return Next::Again;
    }
    client.phase = Phase::Head;
    client.head = {};
    client.route = nullptr;
    client.withBody = true;
    client.deadline.arm(client.connection.in().empty() ? Deadline::Idle : Deadline::Header);
    client.connection.trimIn();
    return Next::Again;
}

ServerLoop::Next ServerLoop::stepLingering(Client& client)
{
    while (client.connection.fill()) {
        client.connection.in().clear();
    }
    return client.connection.ended() ? Next::Close : Next::Wait;
}

bool ServerLoop::takeOutbox(Client& client, Outbox& outbox)
{
    auto taken = outbox.take(client.connection.pending());
    if (taken.overflow) {
        spdlog::info("net: dropped a peer that reads too slowly {}", client.place.peer());
        client.connection.dropOut();
        return false;
    }
    if (taken.closing) {
        client.closing = true;
    }
    if (!taken.bytes.empty()) {
        client.connection.send(std::move(taken.bytes));
    }
    return true;
}

ServerLoop::Next ServerLoop::stepEvents(Client& client)
{
    while (client.connection.fill()) {
        client.connection.in().clear();
    }
    const auto before = client.connection.pending();
    if (!takeOutbox(client, client.events->outbox()) || client.connection.ended()) {
        return Next::Close;
    }
    if (client.connection.pending() > before) {
        return Next::Again;
    }
    client.events->outbox().setUnsent(client.connection.pending());
    if (client.closing && client.connection.pending() == 0) {
        --m_streamCount;
        endStream(client);
        client.connection.transport().finish();
        client.phase = Phase::Lingering;
        client.deadline.arm(Deadline::Linger);
        return Next::Again;
    }
    return Next::Wait;
}

ServerLoop::Next ServerLoop::stepWebSocket(Client& client)
{
    if (!client.connection.in().empty() && !client.closing) {
        auto messages = client.frames->feed(client.connection.in());
        if (!messages) {
            ++m_refusedCount;
            logRefusal(client, messages.error().closeCode);
            client.socket->close(messages.error().closeCode, messages.error().detail);
            client.closing = true;
        } else {
            client.pinged = false;
            client.deadline.arm(Deadline::Heartbeat);
            for (auto& message : *messages) {
                if (client.closing) {
                    break;
                }
                if (message.opcode == Opcode::Text) {
                    client.socket->receive(std::move(message.payload), *m_workers);
                } else if (message.opcode == Opcode::Ping) {
                    client.connection.send(encodeFrame(Opcode::Pong, message.payload));
                } else if (message.opcode == Opcode::Close) {
                    const auto code = closeCode(message.payload);
                    client.socket->close(code == 1005 ? std::uint16_t{1000} : code, {});
                    client.closing = true;
                }
            }
        }
    }
    client.connection.in().clear();
    const auto before = client.connection.pending();
    if (!takeOutbox(client, client.socket->outbox()) || client.connection.ended()) {
        return Next::Close;
    }
    const bool more = client.connection.pending() > before;
    client.socket->outbox().setUnsent(client.connection.pending());
    if (client.closing && client.connection.pending() == 0 && !more) {
        --m_streamCount;
        endStream(client);
        client.connection.transport().finish();
        client.phase = Phase::Lingering;
        client.deadline.arm(Deadline::Linger);
        return Next::Again;
    }
    // A peer that sends faster than the callbacks work, or pings without reading, waits.
    const bool mayRead =
        !client.socket->behind() && client.connection.pending() < m_config.maxSocketBuffer;
    if (more || (mayRead && client.connection.fill())) {
        return Next::Again;
    }
    return client.connection.ended() ? Next::Close : Next::Wait;
}

void ServerLoop::endStream(Client& client)
{
    if (client.events) {
        if (auto callback = client.events->markGone()) {
            m_workers->post(std::move(callback));
        }
        client.events.reset();
    }
    if (client.socket) {
        client.socket->end(*m_workers);
        client.socket.reset();
    }
}

void ServerLoop::close(Client& client)
{
    if (client.phase == Phase::Events || client.phase == Phase::WebSocket) {
        --m_streamCount;
    }
    endStream(client);
    m_clients.erase(client.id);
}

void ServerLoop::logRefusal(const Client& client, int status)
{
    const auto* route = client.route;
    if (route != nullptr && !route->options.log) {
        return;
    }
    // A path without a route may be a mistyped address with a token in it, so it stays unsaid.
    spdlog::info("net: refused {} {} {} {}", printable(client.head.request.method),
                 route != nullptr ? route->pattern : "(no route)", status, client.place.peer());
}

} // namespace guichet::net
