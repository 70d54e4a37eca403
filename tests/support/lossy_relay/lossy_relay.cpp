// SPDX-License-Identifier: Apache-2.0
// A bad line for UDP between whoever sends to its port and one server, on loopback.
// usage: lossy-relay SERVER-PORT     Says "listening on PORT"; each line of input is the faults
// from then on, both ways (line.h), answered by "ok" or by what is wrong; ends with its input.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>
#include <queue>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <poll.h>
#include <unistd.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"
#include "tests/support/lossy_relay/line.h"

using namespace guichet;
using namespace guichet::test;

namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

UniqueFd udpSocket()
{
    UniqueFd made(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto any = loopback(0);
    if (::bind(made.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) {
        return {};
    }
    return made;
}

std::uint16_t portOf(const UniqueFd& socket)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

/// On its way; the first to come out first.
struct Packet {
    Ticks out;
    std::uint64_t number; ///< of two at one time, the one that came first
    int socket;
    std::uint16_t to;
    Bytes bytes;

    [[nodiscard]] bool operator<(const Packet& other) const
    {
        return std::tie(out, number) > std::tie(other.out, other.number);
    }
};

class Relay {
public:
    explicit Relay(std::uint16_t server)
        : m_server(server)
        , m_door(udpSocket())
    {
    }

    void run()
    {
        std::printf("listening on %d\n", portOf(m_door));
        std::fflush(stdout);
        do {
            std::vector<pollfd> watched{{STDIN_FILENO, POLLIN, 0}, {m_door.get(), POLLIN, 0}};
            for (const auto& [port, way] : m_ways) {
                watched.push_back({way.get(), POLLIN, 0});
            }
            wait(watched);
        } while (command());
    }

private:
    void wait(std::vector<pollfd>& watched)
    {
        timespec patience{1, 0};
        if (!m_packets.empty()) {
            const auto left = std::max(Ticks::duration(0), m_packets.top().out - m_clock.ticks());
            patience = {left / std::chrono::seconds(1),
                        (left % std::chrono::seconds(1)) / std::chrono::nanoseconds(1)};
        }
        ::ppoll(watched.data(), watched.size(), &patience, nullptr);
        m_commanded = watched[0].revents != 0;
        take(m_door, [this](std::uint16_t client) {
            auto way = m_ways.find(client);
            if (way == m_ways.end()) {
                way = m_ways.emplace(client, udpSocket()).first;
            }
            return Way{&m_there, way->second.get(), m_server};
        });
        for (const auto& [client, socket] : m_ways) {
            take(socket, [this, to = client](std::uint16_t /*server*/) {
                return Way{&m_back, m_door.get(), to};
            });
        }
        for (; !m_packets.empty() && m_packets.top().out <= m_clock.ticks(); m_packets.pop()) {
            const auto& packet = m_packets.top();
            const auto to = loopback(packet.to);
            ::sendto(packet.socket, packet.bytes.data(), packet.bytes.size(), 0,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to);
        }
    }

    struct Way {
        Line* line;
        int socket;
        std::uint16_t to;
    };

    template <typename Find> void take(const UniqueFd& socket, Find find)
    {
        for (;;) {
            sockaddr_in from{};
            socklen_t size = sizeof from;
            const auto count = ::recvfrom(socket.get(), m_buffer.data(), m_buffer.size(), 0,
                                          reinterpret_cast<sockaddr*>(&from), &size);
            if (count < 0) {
                return;
            }
            const Way way = find(ntohs(from.sin_port));
            const auto bytes = static_cast<std::size_t>(count);
            if (const auto out = way.line->pass(m_clock.ticks(), bytes)) {
                m_packets.push({*out, ++m_number, way.socket, way.to,
                                Bytes(m_buffer.begin(), m_buffer.begin() + count)});
            }
        }
    }

    /// False at the end of the input.
    bool command()
    {
        if (!m_commanded) {
            return true;
        }
        std::array<char, 256> text{};
        if (std::fgets(text.data(), text.size(), stdin) == nullptr) {
            return false;
        }
        const auto faults =
            parseLineFaults(std::string_view(text.data(), std::strcspn(text.data(), "\n")));
        std::puts(faults ? "ok" : faults.error().detail.c_str());
        std::fflush(stdout);
        if (faults) {
            m_there.set(*faults);
            m_back.set(*faults);
        }
        return true;
    }

    const std::uint16_t m_server;
    const UniqueFd m_door;
    const SystemClock m_clock;
    std::map<std::uint16_t, UniqueFd> m_ways; ///< by a client's port: its socket towards the server
    Line m_there{1}, m_back{2};
    std::priority_queue<Packet> m_packets;
    std::uint64_t m_number = 0;
    Bytes m_buffer = Bytes(65536);
    bool m_commanded = false;
};

} // namespace

int main(int count, char* words[])
{
    std::uint16_t server = 0;
    const std::string_view port = count == 2 ? words[1] : "";
    const auto [end, wrong] = std::from_chars(port.begin(), port.end(), server);
    if (server == 0 || wrong != std::errc() || end != port.end()) {
        std::fputs("usage: lossy-relay SERVER-PORT\n", stderr);
        return 2;
    }
    Relay(server).run();
}
