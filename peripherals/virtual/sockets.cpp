// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/sockets.h"

#include <cerrno>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <poll.h>

namespace guichet::virtualdevices {

namespace {

Result<sockaddr_in> addressOf(const Endpoint& endpoint)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    if (inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1) {
        return fail(Errc::Invalid, "address: want a numeric IPv4 address");
    }
    return address;
}

const sockaddr* generic(const sockaddr_in& address)
{
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's own way
    return reinterpret_cast<const sockaddr*>(&address);
}

void noDelay(int socket)
{
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Result<UniqueFd> bindTo(const Endpoint& endpoint)
{
    const auto address = addressOf(endpoint);
    if (!address) {
        return tl::unexpected(address.error());
    }
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (!socket || bind(socket.get(), generic(*address), sizeof *address) != 0) {
        return fail(Errc::Busy, toText(endpoint) + ": " + systemMessage(errno));
    }
    return socket;
}

} // namespace

Result<Endpoint> parseEndpoint(std::string_view text)
{
    const auto colon = text.rfind(':');
    Endpoint endpoint;
    if (colon == std::string_view::npos) {
        return fail(Errc::Invalid, "want HOST:PORT");
    }
    endpoint.host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return fail(Errc::Invalid, "port: want a number from 0 to 65535");
    }
    if (auto address = addressOf(endpoint); !address) {
        return tl::unexpected(address.error());
    }
    return endpoint;
}

std::string toText(const Endpoint& endpoint)
{
    return endpoint.host + ':' + std::to_string(endpoint.port);
}

Result<UniqueFd> listenOn(const Endpoint& endpoint)
{
    auto socket = bindTo(endpoint);
    if (socket && listen(socket->get(), 16) != 0) {
        return fail(Errc::Busy, toText(endpoint) + ": " + systemMessage(errno));
    }
    return socket;
}

Port::Port(Endpoint endpoint, UniqueFd keeper)
    : m_endpoint(std::move(endpoint))
    , m_keeper(std::move(keeper))
{
}

Result<Port> Port::take(Endpoint endpoint)
{
    auto keeper = bindTo(endpoint);
    if (!keeper) {
        return tl::unexpected(keeper.error());
    }
    endpoint.port = portOf(keeper->get());
    Port port(std::move(endpoint), std::move(*keeper));
    if (auto opened = port.open(); !opened) {
        return tl::unexpected(opened.error());
    }
    return port;
}

Result<void> Port::open()
{
    auto listener = listenOn(m_endpoint); // beside the keeper: neither forbids the other
    if (!listener) {
        return tl::unexpected(listener.error());
    }
    m_listener = std::move(*listener);
    return {};
}

void Port::close()
{
    // A thread in poll() holds the socket beyond the closing; shut down, it listens no more.
    shutdown(m_listener.get(), SHUT_RDWR);
    m_listener.reset();
}

std::uint16_t portOf(int socket)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's own way
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return 0;
    }
    return ntohs(address.sin_port);
}

UniqueFd acceptFrom(int listener)
{
    UniqueFd socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket) {
        noDelay(socket.get());
    }
    return socket;
}

Result<UniqueFd> connectTo(const Endpoint& endpoint, std::chrono::milliseconds timeout)
{
    const auto address = addressOf(endpoint);
    if (!address) {
        return tl::unexpected(address.error());
    }
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (connect(socket.get(), generic(*address), sizeof *address) != 0) {
        if (errno != EINPROGRESS) {
            return fail(Errc::Disconnected, toText(endpoint) + ": " + systemMessage(errno));
        }
        pollfd waiting{socket.get(), POLLOUT, 0};
        if (poll(&waiting, 1, static_cast<int>(timeout.count())) != 1) {
            return fail(Errc::Timeout, toText(endpoint) + ": no connection");
        }
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            return fail(Errc::Disconnected, toText(endpoint) + ": " + systemMessage(error));
        }
    }
    noDelay(socket.get());
    return socket;
}

void breakOff(UniqueFd& socket)
{
    if (socket) {
        const linger now{1, 0};
        setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        socket.reset();
    }
}

Waker::Waker()
    : m_event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

void Waker::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(m_event.get(), &one, sizeof one);
}

void Waker::drain()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(m_event.get(), &count, sizeof count);
}

} // namespace guichet::virtualdevices
