// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/tcp_channel.h"

#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>

#include "drivers/transport/stream_channel.h"

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
    return std::make_unique<StreamChannel>(std::move(socket), name);
}

} // namespace guichet::transport
