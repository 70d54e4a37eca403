// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/admission.h"

#include <array>
#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <fcntl.h>
#include <spdlog/spdlog.h>

#include "peripherals/net/http_codec.h"
#include "peripherals/net/transport.h"

namespace guichet::net {
namespace {

constexpr int kInARow = 256;
constexpr unsigned kUnacknowledgedMs = 60'000; // then the kernel gives a peer up

UniqueFd spareFile()
{
    return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool meansNoFile(int error)
{
    return error == EMFILE || error == ENFILE;
}

struct Address {
    std::string text;
    std::uint16_t port;
};

Address addressOf(const sockaddr_storage& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
        ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
        return {text.data(), ntohs(v4->sin_port)};
    }
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(v6->sin6_port)};
}

void prepare(int socket)
{
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnacknowledgedMs,
                 sizeof kUnacknowledgedMs);
}

} // namespace

Admission::Place::Place(Admission& admission, std::string peer)
    : m_admission(&admission)
    , m_peer(std::move(peer))
{
    ++m_admission->m_peers[m_peer];
    ++m_admission->m_connections;
}

Admission::Place::Place(Place&& other) noexcept
    : m_admission(std::exchange(other.m_admission, nullptr))
    , m_peer(std::move(other.m_peer))
{
}

Admission::Place::~Place()
{
    if (m_admission == nullptr) {
        return;
    }
    auto& peers = m_admission->m_peers;
    if (const auto at = peers.find(m_peer); at != peers.end() && --at->second == 0) {
        peers.erase(at);
    }
    --m_admission->m_connections;
}

Admission::Admission(UniqueFd listening, Limits limits)
    : m_listening(std::move(listening))
    , m_limits(limits)
    , m_spare(spareFile())
{
}

std::uint16_t Admission::port() const
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(m_listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return addressOf(address).port;
}

bool Admission::accept(const std::function<void(Guest)>& admit)
{
    if (!m_spare) {
        m_spare = spareFile();
    }
    for (int round = 0; round < kInARow; ++round) {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        UniqueFd socket(::accept4(m_listening.get(), reinterpret_cast<sockaddr*>(&from), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) {
            const int error = errno;
            if (meansNoFile(error)) {
                if (const auto turned = turnAway(); turned != TurnedAway::One) {
                    return turned == TurnedAway::Nobody;
                }
            } else if (error != EINTR && error != ECONNABORTED) {
                return true;
            }
            continue;
        }
        auto address = addressOf(from);
        if (const auto response = refusal(address.text)) {
            refuse(std::move(socket), address.text, *response);
            continue;
        }
        prepare(socket.get());
        admit({std::move(socket), address.port, Place(*this, std::move(address.text))});
    }
    return true;
}

std::optional<Response> Admission::refusal(const std::string& peer) const
{
    const auto ofPeer = m_peers.find(peer);
    if ((ofPeer == m_peers.end() ? 0 : ofPeer->second) >= m_limits.perPeer) {
        return problem(429, "too-many-connections", "this address has too many connections");
    }
    if (m_connections >= m_limits.total) {
        return problem(503, "busy", "the server has too many connections");
    }
    return std::nullopt;
}

void Admission::refuse(UniqueFd socket, const std::string& peer, const Response& response)
{
    ++m_refused;
    spdlog::info("net: refused connection {} {}", response.status, peer);
    if (m_limits.explains) {
        (void)Transport(std::move(socket)).write(encodeResponse(response, false, true));
    }
}

/// Without a file nobody could even be refused, and the first in the queue would stay there. That
/// somebody waits is not said: the kernel looks for a file first.
Admission::TurnedAway Admission::turnAway()
{
    m_spare.reset();
    UniqueFd socket(::accept(m_listening.get(), nullptr, nullptr));
    const bool one = static_cast<bool>(socket);
    const bool noFile = !one && meansNoFile(errno);
    socket.reset();
    m_spare = spareFile();
    if (one) {
        ++m_refused;
    }
    if (noFile || !m_spare) {
        return TurnedAway::NoFile;
    }
    return one ? TurnedAway::One : TurnedAway::Nobody;
}

} // namespace guichet::net
