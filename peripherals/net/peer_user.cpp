// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/peer_user.h"

#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace guichet::net {
namespace {

std::string_view nextWord(std::string_view& line)
{
    const auto start = std::min(line.find_first_not_of(' '), line.size());
    line.remove_prefix(start);
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

} // namespace

std::string kernelAddress(const sockaddr& address)
{
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return fmt::format("{:08X}:{:04X}", v4.sin_addr.s_addr, ntohs(v4.sin_port));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::array<std::uint32_t, 4> words{};
    std::memcpy(words.data(), &v6.sin6_addr, sizeof words);
    return fmt::format("{:08X}{:08X}{:08X}{:08X}:{:04X}", words[0], words[1], words[2], words[3],
                       ntohs(v6.sin6_port));
}

std::optional<std::uint32_t> ownerInTable(std::string_view table, std::string_view local,
                                          std::string_view remote)
{
    while (!table.empty()) {
        const auto end = table.find('\n');
        auto line = table.substr(0, end);
        table = end == std::string_view::npos ? std::string_view() : table.substr(end + 1);
        nextWord(line); // row number
        if (nextWord(line) != local || nextWord(line) != remote) {
            continue;
        }
        for (int skipped = 0; skipped < 4; ++skipped) { // state, queues, timer, retransmits
            nextWord(line);
        }
        const auto user = nextWord(line);
        nextWord(line); // time-out
        if (nextWord(line) == "0") {
            return std::nullopt; // no inode: an orphan, for which the kernel writes user 0
        }
        std::uint32_t value = 0;
        const auto* last = user.data() + user.size();
        const auto [stop, error] = std::from_chars(user.data(), last, value);
        return error == std::errc() && stop == last && !user.empty() ? std::optional(value)
                                                                     : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> peerUser(int acceptedSocket)
{
    sockaddr_storage near{};
    sockaddr_storage far{};
    socklen_t nearSize = sizeof near;
    socklen_t farSize = sizeof far;
    auto* nearAddress = reinterpret_cast<sockaddr*>(&near);
    auto* farAddress = reinterpret_cast<sockaddr*>(&far);
    if (::getsockname(acceptedSocket, nearAddress, &nearSize) != 0 ||
        ::getpeername(acceptedSocket, farAddress, &farSize) != 0) {
        return std::nullopt;
    }
    std::ifstream file(near.ss_family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6");
    std::stringstream table;
    table << file.rdbuf();
    return ownerInTable(table.str(), kernelAddress(*farAddress), kernelAddress(*nearAddress));
}

} // namespace guichet::net
