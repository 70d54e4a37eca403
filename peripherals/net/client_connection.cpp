// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/client_connection.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <netdb.h>
#include <poll.h>

namespace guichet::net {
namespace {

constexpr std::size_t kMaxHead = 64 * 1024;
constexpr std::size_t kChunk = 64 * 1024;

Result<UniqueFd> connectOne(const addrinfo& address, const Limits& limits)
{
    UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                             address.ai_protocol));
    if (!socket) {
        return fail(Errc::Internal, std::string("connect: ") + systemMessage(errno));
    }
    int error = 0;
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
        error = errno;
    }
    if (error == EINPROGRESS) {
        if (auto ready = waitFor(socket.get(), POLLOUT, limits); !ready) {
            return fail(std::move(ready.error()), "connect");
        }
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) {
        return fail(Errc::Disconnected, std::string("connect: ") + systemMessage(error),
                    Remedy::Retry);
    }
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

} // namespace

void StopSignal::Wake::operator()() const
{
    ::eventfd_write(fd, 1);
}

StopSignal::StopSignal(const std::stop_token& stop)
    : m_event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
    , m_callback(stop, Wake{m_event.get()})
{
}

void StopSignal::wake() const
{
    ::eventfd_write(m_event.get(), 1);
}

void StopSignal::drain() const
{
    eventfd_t count = 0;
    ::eventfd_read(m_event.get(), &count);
}

Result<void> waitFor(int fd, short events, const Limits& limits)
{
    for (;;) {
        if (limits.stop.stop_requested()) {
            return fail(Errc::Cancelled, "cancelled");
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            limits.deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return fail(Errc::Timeout, "no answer in time", Remedy::Retry);
        }
        std::array<pollfd, 2> files{pollfd{fd, events, 0}, pollfd{limits.signal.fd(), POLLIN, 0}};
        const auto wait = std::min<std::chrono::milliseconds::rep>(left.count(), 3'600'000);
        ::poll(files.data(), files.size(), static_cast<int>(wait));
        if (files[0].revents != 0 && !limits.stop.stop_requested()) {
            return {};
        }
    }
}

Result<Endpoint> Endpoint::of(const ClientConfig& config)
{
    auto url = parseUrl(config.baseUrl);
    if (!url) {
        return tl::make_unexpected(std::move(url.error()));
    }
    Endpoint endpoint{std::move(*url), nullptr, config.headers};
    if (endpoint.url.secure) {
        const auto files = config.tls.value_or(ClientTls{});
        auto tls = TlsContext::client({files.certificateFile, files.keyFile, files.caFile});
        if (!tls) {
            return tl::make_unexpected(std::move(tls.error()));
        }
        endpoint.tls = std::move(*tls);
    }
    return endpoint;
}

Result<std::string> Endpoint::encode(Request request) const
{
    request.path = url.path + request.path;
    for (const auto& [name, value] : headers) {
        if (!request.headers.has(name)) {
            request.headers.add(name, value);
        }
    }
    return encodeRequest(request, url.authority());
}

Result<std::unique_ptr<ClientConnection>> ClientConnection::connect(const Endpoint& endpoint,
                                                                    const Limits& limits)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int looked = ::getaddrinfo(endpoint.url.host.c_str(),
                                     std::to_string(endpoint.url.port).c_str(), &hints, &found);
    if (looked != 0) {
        return fail(Errc::Disconnected, std::string("resolve: ") + ::gai_strerror(looked),
                    Remedy::Retry);
    }
    const UniqueHandle<addrinfo*, ::freeaddrinfo> owned(found);
    Result<UniqueFd> socket = fail(Errc::Disconnected, "resolve: no address", Remedy::Retry);
    for (const auto* at = found; at != nullptr; at = at->ai_next) {
        socket = connectOne(*at, limits);
        if (socket || socket.error().code == Errc::Cancelled) {
            break;
        }
    }
    if (!socket) {
        return tl::make_unexpected(std::move(socket.error()));
    }
    std::unique_ptr<ClientConnection> connection(new ClientConnection(std::move(*socket)));
    if (!endpoint.tls) {
        return connection;
    }
    auto& transport = connection->m_transport;
    transport.startClientTls(*endpoint.tls, endpoint.url.host);
    for (;;) {
        const auto state = transport.handshake();
        if (state == Io::Done) {
            return connection;
        }
        if (state == Io::Closed) {
            return transport.denied() ? fail(Errc::Denied, "TLS: the handshake was refused")
                                      : fail(Errc::Disconnected, "TLS: closed during the handshake",
                                             Remedy::Retry);
        }
        const short events = state == Io::WantWrite ? POLLOUT : POLLIN;
        if (auto ready = waitFor(transport.fd(), events, limits); !ready) {
            return fail(std::move(ready.error()), "TLS handshake");
        }
    }
}

Result<void> ClientConnection::write(std::string_view bytes, const Limits& limits)
{
    while (!bytes.empty()) {
        const auto sent = m_transport.write(bytes);
        if (sent.state == Io::Done) {
            bytes.remove_prefix(sent.count);
            continue;
        }
        if (sent.state == Io::Closed) {
            return fail(Errc::Disconnected, "send: closed by the peer", Remedy::Retry);
        }
        const short events = sent.state == Io::WantWrite ? POLLOUT : POLLIN;
        if (auto ready = waitFor(m_transport.fd(), events, limits); !ready) {
            return fail(std::move(ready.error()), "send");
        }
    }
    return {};
}

Result<bool> ClientConnection::read(const Limits& limits)
{
    for (;;) {
        const auto before = m_buffer.size();
        m_buffer.resize(before + kChunk);
        const auto got = m_transport.read(std::span(m_buffer).subspan(before));
        m_buffer.resize(before + got.count);
        if (got.state == Io::Done) {
            return true;
        }
        if (got.state == Io::Closed) {
            if (m_transport.denied()) {
                return fail(Errc::Denied, "TLS: refused by the server");
            }
            return false;
        }
        const short events = got.state == Io::WantWrite ? POLLOUT : POLLIN;
        if (auto ready = waitFor(m_transport.fd(), events, limits); !ready) {
            return fail(std::move(ready.error()), "receive");
        }
    }
}

Result<ResponseHead> ClientConnection::readHead(std::string_view method, const Limits& limits)
{
    for (;;) {
        const auto end = m_buffer.find("\r\n\r\n");
        if (end == std::string::npos) {
            if (m_buffer.size() > kMaxHead) {
                return fail(Errc::Protocol, "response: the head is too large");
            }
            const auto more = read(limits);
            if (!more) {
                return tl::make_unexpected(more.error());
            }
            if (!*more) {
                return fail(Errc::Disconnected, "receive: closed before the response",
                            Remedy::Retry);
            }
            continue;
        }
        auto head = parseResponseHead(std::string_view(m_buffer).substr(0, end + 4), method);
        m_buffer.erase(0, end + 4);
        if (!head || head->response.status >= 200 || head->response.status == 101) {
            return head;
        }
    }
}

Result<std::string> ClientConnection::readBody(const ResponseHead& head, std::size_t maxBody,
                                               const Limits& limits)
{
    const auto tooLarge = [] { return fail(Errc::Unsupported, "response: the body is too large"); };
    std::string body;
    if (head.bodyEnd == BodyEnd::None) {
        return body;
    }
    if (head.bodyEnd == BodyEnd::Length && head.contentLength > maxBody) {
        return tooLarge();
    }
    ChunkedBody chunks(maxBody);
    for (;;) {
        if (head.bodyEnd == BodyEnd::Length && m_buffer.size() >= head.contentLength) {
            body = m_buffer.substr(0, head.contentLength);
            m_buffer.erase(0, head.contentLength);
            return body;
        }
        if (head.bodyEnd == BodyEnd::Chunked) {
            const auto used = chunks.feed(m_buffer, body);
            if (!used) {
                return tl::make_unexpected(used.error());
            }
            m_buffer.erase(0, *used);
            if (chunks.done()) {
                return body;
            }
        }
        if (head.bodyEnd == BodyEnd::Close && m_buffer.size() > maxBody) {
            return tooLarge();
        }
        const auto more = read(limits);
        if (!more) {
            return tl::make_unexpected(more.error());
        }
        if (!*more) {
            if (head.bodyEnd == BodyEnd::Close) {
                return std::move(m_buffer);
            }
            return fail(Errc::Disconnected, "receive: closed within the response", Remedy::Retry);
        }
    }
}

bool ClientConnection::isStale() const
{
    pollfd file{m_transport.fd(), POLLIN, 0};
    return !m_buffer.empty() || ::poll(&file, 1, 0) != 0;
}

} // namespace guichet::net
