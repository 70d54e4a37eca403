// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/server.h"

#include <cerrno>

#include <sys/resource.h>
#include <sys/socket.h>

#include <netdb.h>

#include "peripherals/net/router_table.h"
#include "peripherals/net/server_loop.h"

namespace guichet::net {
namespace {

Result<UniqueFd> listenOn(const std::string& host, std::uint16_t port)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int looked = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (looked != 0) {
        return fail(Errc::Invalid, "listen: " + host + ": " + ::gai_strerror(looked));
    }
    const UniqueHandle<addrinfo*, ::freeaddrinfo> owned(found);
    UniqueFd socket(
        ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, found->ai_protocol));
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!socket || ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
        ::listen(socket.get(), SOMAXCONN) != 0) {
        const int error = errno;
        const auto code = error == EADDRINUSE ? Errc::Busy
                          : error == EACCES   ? Errc::Denied
                                              : Errc::Invalid;
        return fail(code,
                    "listen: " + host + ":" + std::to_string(port) + ": " + systemMessage(error));
    }
    return socket;
}

void raiseFileLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Result<std::shared_ptr<TlsContext>> contextOf(const ServerTls& tls)
{
    return TlsContext::server({tls.certificateFile, tls.keyFile, tls.clientCaFile},
                              {tls.requireClientCertificate, tls.timesByHandler});
}

} // namespace

Result<std::unique_ptr<Server>> Server::start(ServerConfig config, Router router)
{
    if (config.workers < 1 || config.workers > 64) {
        return fail(Errc::Invalid, "server: workers must be 1 to 64");
    }
    if (config.heartbeat <= std::chrono::milliseconds(0)) {
        return fail(Errc::Invalid, "server: heartbeat must be more than 0 ms");
    }
    raiseFileLimit();
    std::shared_ptr<TlsContext> tls;
    if (config.tls) {
        auto context = contextOf(*config.tls);
        if (!context) {
            return tl::make_unexpected(std::move(context.error()));
        }
        tls = std::move(*context);
    }
    auto socket = listenOn(config.host, config.port);
    if (!socket) {
        return tl::make_unexpected(std::move(socket.error()));
    }
    auto loop = std::make_unique<ServerLoop>(std::move(config), std::move(router.m_table),
                                             std::move(*socket), std::move(tls));
    loop->start();
    return std::unique_ptr<Server>(new Server(std::move(loop)));
}

Server::Server(std::unique_ptr<ServerLoop> loop)
    : m_loop(std::move(loop))
{
}
Server::~Server() = default;
std::uint16_t Server::port() const
{
    return m_loop->port();
}
ServerStats Server::stats() const
{
    return m_loop->stats();
}
Result<void> Server::renewTls(const ServerTls& tls)
{
    auto context = contextOf(tls);
    if (!context) {
        return tl::make_unexpected(std::move(context.error()));
    }
    m_loop->renewTls(std::move(*context));
    return {};
}
void Server::stop()
{
    m_loop->stop();
}

} // namespace guichet::net
