// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/server_loop.h"

#include <array>
#include <utility>

#include <sys/epoll.h>

namespace guichet::net {
namespace {

// What epoll reports is the id of a connection, or one of these.
constexpr ConnectionId kListening = 0;
constexpr ConnectionId kMail = 1;
constexpr ConnectionId kFirst = 2;
constexpr std::size_t kScratch = 64 * 1024;
constexpr auto kLinger = std::chrono::milliseconds(2'000);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

/// The connection ended while its handler ran; who took the socket learns that it is gone.
void tellGone(Answer& answer, Workers& workers)
{
    auto* callbacks = std::get_if<SocketCallbacks>(&answer);
    if (callbacks != nullptr && callbacks->onClosed) {
        workers.post([closed = std::move(callbacks->onClosed)] { runGuarded(closed); });
    }
}

} // namespace

ServerLoop::ServerLoop(ServerConfig config, std::unique_ptr<const RouteTable> routes,
                       UniqueFd listening, std::shared_ptr<TlsContext> tls)
    : m_config(std::move(config))
    , m_gatekeeper({m_config.refuseOrigin, m_config.allowedPeerUids}, std::move(routes))
    , m_secure(tls != nullptr)
    , m_tls(std::move(tls))
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_mailbox(std::make_shared<Mailbox>())
    , m_scratch(kScratch)
    , m_admission(std::move(listening), {.total = m_config.maxConnections,
                                         .perPeer = m_config.maxConnectionsPerPeer,
                                         .explains = !m_secure})
    , m_deadlines({m_config.headerDeadline, m_config.bodyDeadline, m_config.idleDeadline,
                   m_config.writeDeadline, m_config.heartbeat, kLinger, kAcceptPause})
    , m_accepting(m_deadlines, kListening)
    , m_exchanges{.gatekeeper = m_gatekeeper, .maxHeader = m_config.maxHeader}
    , m_nextId(kFirst)
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
    , deadline(loop.m_deadlines, clientId)
    , exchange(loop.m_exchanges, {place.peer(), guest.port}, connection, deadline)
{
}

ServerLoop::~ServerLoop()
{
    stop();
}

void ServerLoop::start()
{
    m_workers = std::make_unique<Workers>(m_config.workers);
    m_dispatch.emplace(*m_workers, m_mailbox, m_config.maxQueued, m_stopping);
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
    tellLate();
}

/// What handlers answered after the loop had ended.
void ServerLoop::tellLate()
{
    m_mailbox->take(m_completions, m_touched);
    if (m_completions.empty()) {
        return;
    }
    Workers last(1);
    for (auto& completion : m_completions) {
        tellGone(completion.answer, last);
    }
    m_completions.clear();
}

std::uint16_t ServerLoop::port() const
{
    return m_admission.port();
}

ServerStats ServerLoop::stats() const
{
    return {m_admission.connections(), m_streamCount, m_exchanges.requests,
            m_admission.refused() + m_brokenHandshakes + m_exchanges.refused};
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
                accept();
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

void ServerLoop::accept()
{
    if (!m_admission.accept([this](auto guest) { admit(std::move(guest)); })) {
        watchListening(false); // or epoll would report at once, again and again, who waits
        m_accepting.arm(Deadline::Accept);
    }
}

void ServerLoop::watchListening(bool watch)
{
    epoll_event event{.events = watch ? EPOLLIN : 0U, .data = {.u64 = kListening}};
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, m_admission.fd(), &event);
}

void ServerLoop::admit(Admission::Guest guest)
{
    const auto id = m_nextId++;
    auto owned = std::make_unique<Client>(*this, id, std::move(guest));
    auto& client = *owned;
    m_clients.emplace(id, std::move(owned));
    if (m_secure) {
        startTls(client);
    }
    client.deadline.arm(m_secure ? Deadline::Header : Deadline::Idle);
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = id}};
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, client.connection.transport().fd(), &event);
}

void ServerLoop::startTls(Client& client)
{
    const std::lock_guard lock(m_tlsMutex);
    client.connection.transport().startServerTls(*m_tls); // which keeps what it needs of it
    client.phase = Phase::Handshake;
}

void ServerLoop::renewTls(std::shared_ptr<TlsContext> tls)
{
    const std::lock_guard lock(m_tlsMutex);
    m_tls = std::move(tls);
}

void ServerLoop::takeMail()
{
    m_mailbox->take(m_completions, m_touched);
    for (auto& completion : m_completions) {
        if (const auto at = m_clients.find(completion.connection); at != m_clients.end()) {
            complete(*at->second, completion.answer);
            advance(*at->second);
        } else {
            tellGone(completion.answer, *m_workers);
        }
    }
    for (const auto id : m_touched) {
        if (const auto at = m_clients.find(id); at != m_clients.end()) {
            advance(*at->second);
        }
    }
}

void ServerLoop::complete(Client& client, Answer& answer)
{
    if (const auto* response = std::get_if<Response>(&answer)) {
        client.stream.reset();
        client.exchange.answer(*response);
        return;
    }
    client.phase = Phase::Stream;
    auto* callbacks = std::get_if<SocketCallbacks>(&answer);
    client.stream->open(callbacks != nullptr ? std::move(*callbacks) : SocketCallbacks{});
}

void ServerLoop::expire()
{
    while (const auto due = m_deadlines.popDue()) {
        if (due->kind == Deadline::Accept) {
            watchListening(true);
            continue;
        }
        auto& client = *m_clients.at(due->owner);
        const bool goesOn =
            (client.phase == Phase::Exchange && client.exchange.expire(due->kind)) ||
            (client.phase == Phase::Stream && client.stream->beat());
        goesOn ? advance(client) : close(client);
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
        case Next::Handle:
            if (dispatch(client)) {
                return;
            }
            client.stream.reset();
            client.exchange.refuseBusy();
            break;
        case Next::Linger:
            linger(client);
            break;
        case Next::Close:
            close(client);
            return;
        }
    }
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

Next ServerLoop::step(Client& client)
{
    switch (client.phase) {
    case Phase::Handshake:
        return stepHandshake(client);
    case Phase::Exchange:
        return client.exchange.step();
    case Phase::Stream:
        return client.stream->step();
    case Phase::Lingering:
        return stepLingering(client);
    }
    return Next::Close;
}

Next ServerLoop::stepHandshake(Client& client)
{
    switch (client.connection.transport().handshake()) {
    case Io::Done:
        client.phase = Phase::Exchange;
        client.connection.setReadable();
        client.deadline.arm(Deadline::Idle);
        return Next::Again;
    case Io::Closed:
        ++m_brokenHandshakes;
        return Next::Close;
    default:
        return Next::Wait;
    }
}

/// False when too much waits for the workers.
bool ServerLoop::dispatch(Client& client)
{
    const auto& route = client.exchange.route();
    auto request = client.exchange.takeRequest();
    if (const auto* handler = std::get_if<Handler>(&route.handler)) {
        return m_dispatch->call(client.id, *handler, std::move(request));
    }
    const StreamSession::Setting setting{.connection = client.connection,
                                         .deadline = client.deadline,
                                         .exchange = client.exchange,
                                         .peer = client.place.peer(),
                                         .workers = *m_workers,
                                         .count = m_streamCount};
    if (const auto* handler = std::get_if<EventHandler>(&route.handler)) {
        auto events = std::make_shared<LiveEvents>(m_mailbox, client.id, m_config.maxStreamBuffer);
        client.stream = std::make_unique<EventSession>(setting, events);
        return m_dispatch->call(client.id, *handler, std::move(request), std::move(events));
    }
    const auto& handler = std::get<SocketHandler>(route.handler);
    auto socket = std::make_shared<LiveSocket>(m_mailbox, client.id, m_config.maxSocketBuffer);
    client.stream = std::make_unique<WebSocketSession>(
        setting, socket,
        WebSocketSession::Limits{.message = m_config.maxSocketMessage,
                                 .unsent = m_config.maxSocketBuffer},
        request->header("Sec-WebSocket-Key"));
    return m_dispatch->call(client.id, handler, std::move(request), std::move(socket));
}

/// Closing with unread bytes would reset the connection, and what was sent last could be lost.
void ServerLoop::linger(Client& client)
{
    client.stream.reset();
    client.connection.transport().finish();
    client.phase = Phase::Lingering;
    client.deadline.arm(Deadline::Linger);
}

Next ServerLoop::stepLingering(Client& client)
{
    while (client.connection.fill()) {
        client.connection.in().clear();
    }
    return client.connection.ended() ? Next::Close : Next::Wait;
}

void ServerLoop::close(Client& client)
{
    m_clients.erase(client.id);
}

} // namespace guichet::net
