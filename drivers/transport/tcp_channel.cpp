// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/tcp_channel.h"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::transport {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using AddressList = UniqueHandle<addrinfo*, freeaddrinfo, nullptr>;

constexpr int kUnacknowledgedMs = 5000;
constexpr int kKeepAliveSeconds = 10, kKeepAliveEverySeconds = 2, kKeepAliveTries = 3;

void setOption(int socket, int level, int option, int value)
{
    // Only refines how early a dead peer is noticed: a kernel without the option still works.
    (void)::setsockopt(socket, level, option, &value, sizeof value);
}

/// False when the time is up. Errors of the socket count as ready: the next call reports them.
bool waitFor(int socket, short events, SteadyClock::time_point end)
{
    for (;;) {
        const auto left = std::chrono::ceil<Milliseconds>(end - SteadyClock::now());
        pollfd entry{socket, events, 0};
        const int ready =
            ::poll(&entry, 1,
                   static_cast<int>(std::clamp<Milliseconds::rep>(
                       left.count(), 0, Milliseconds(std::chrono::hours(1)).count())));
        if (ready > 0) {
            return true;
        }
        if (ready == 0 || errno != EINTR) {
            return false;
        }
    }
}

class TcpChannel final : public Channel {
public:
    TcpChannel(UniqueFd socket, std::string name)
        : m_socket(std::move(socket))
        , m_name(std::move(name))
    {
    }

    Result<std::size_t> write(ByteView bytes, Milliseconds timeout) override;
    Result<Bytes> read(std::size_t most, Milliseconds timeout) override;
    [[nodiscard]] std::string_view name() const override { return m_name; }

private:
    tl::unexpected<Error> gone(std::string_view what)
    {
        m_socket.reset();
        return fail(Errc::Disconnected, fmt::format("{}: {}", m_name, what),
                    Remedy::ReconnectCable);
    }

    UniqueFd m_socket;
    std::string m_name;
};

Result<std::size_t> TcpChannel::write(ByteView bytes, Milliseconds timeout)
{
    if (!m_socket) {
        return gone("closed");
    }
    const auto end = SteadyClock::now() + timeout;
    std::size_t accepted = 0;
    while (accepted < bytes.size()) {
        const auto rest = bytes.subspan(accepted);
        const auto count = ::send(m_socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count > 0) {
            accepted += static_cast<std::size_t>(count);
            continue;
        }
        if (errno == EINTR) {
            continue;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            if (accepted > 0) {
                return accepted; // the next call meets the same error
            }
            return gone(systemMessage(errno));
        }
        if (!waitFor(m_socket.get(), POLLOUT, end)) {
            break;
        }
    }
    if (accepted == 0 && !bytes.empty()) {
        return fail(Errc::Timeout,
                    fmt::format("{}: not one byte accepted in {} ms", m_name, timeout.count()));
    }
    return accepted;
}

Result<Bytes> TcpChannel::read(std::size_t most, Milliseconds timeout)
{
    if (!m_socket) {
        return gone("closed");
    }
    const auto end = SteadyClock::now() + timeout;
    Bytes bytes(most);
    for (;;) {
        const auto count = ::recv(m_socket.get(), bytes.data(), bytes.size(), 0);
        if (count > 0) {
            bytes.resize(static_cast<std::size_t>(count));
            return bytes;
        }
        if (count == 0) {
            return gone("closed by the device");
        }
        if (errno == EINTR) {
            continue;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            return gone(systemMessage(errno));
        }
        if (!waitFor(m_socket.get(), POLLIN, end)) {
            return fail(Errc::Timeout,
                        fmt::format("{}: no answer in {} ms", m_name, timeout.count()));
        }
    }
}

} // namespace

Result<std::unique_ptr<Channel>> openTcp(const std::string& address, std::uint16_t port,
                                         Milliseconds timeout)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        return fail(Errc::Invalid, fmt::format("\"{}\" is not a numeric address", address));
    }
    const AddressList list(found);
    const auto name = fmt::format("tcp {}:{}", address, port);

    UniqueFd socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) {
        return fail(Errc::Internal, fmt::format("{}: {}", name, systemMessage(errno)));
    }
    setOption(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    setOption(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMs);
    setOption(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
    setOption(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveSeconds);
    setOption(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveEverySeconds);
    setOption(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveTries);

    const auto end = SteadyClock::now() + timeout;
    int problem = ::connect(socket.get(), found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
    if (problem == EINPROGRESS) {
        if (!waitFor(socket.get(), POLLOUT, end)) {
            return fail(Errc::Timeout,
                        fmt::format("{}: no connection in {} ms", name, timeout.count()),
                        Remedy::ReconnectCable);
        }
        socklen_t size = sizeof problem;
        (void)::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
    }
    if (problem != 0) {
        return fail(Errc::Disconnected, fmt::format("{}: {}", name, systemMessage(problem)),
                    Remedy::ReconnectCable);
    }
    return std::make_unique<TcpChannel>(std::move(socket), name);
}

} // namespace guichet::transport
