// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/peer_user.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

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

/// One question to the kernel's socket table, however long that is (sock_diag(7)). Fails with
/// Errc::Unsupported where the kernel does not answer.
Result<std::optional<std::uint32_t>> askKernel(const sockaddr_storage& local,
                                               const sockaddr_storage& remote)
{
    struct {
        nlmsghdr header{};
        inet_diag_req_v2 body{};
    } question;
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST;
    auto& id = question.body.id;
    question.body.sdiag_family = static_cast<std::uint8_t>(local.ss_family);
    question.body.sdiag_protocol = IPPROTO_TCP;
    question.body.idiag_states = ~0U;
    id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    const auto fill = [](const sockaddr_storage& from, auto& address, auto& port) {
        if (from.ss_family == AF_INET) {
            sockaddr_in v4{};
            std::memcpy(&v4, &from, sizeof v4);
            std::memcpy(&address, &v4.sin_addr, sizeof v4.sin_addr);
            port = v4.sin_port;
        } else {
            sockaddr_in6 v6{};
            std::memcpy(&v6, &from, sizeof v6);
            std::memcpy(&address, &v6.sin6_addr, sizeof v6.sin6_addr);
            port = v6.sin6_port;
        }
    };
    fill(local, id.idiag_src, id.idiag_sport);
    fill(remote, id.idiag_dst, id.idiag_dport);
    struct {
        nlmsghdr header{};
        union {
            inet_diag_msg socket;
            nlmsgerr error;
        } body{};
        std::array<char, 512> attributes{};
    } answer;
    const UniqueFd kernel(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    if (!kernel || ::send(kernel.get(), &question, sizeof question, 0) < 0 ||
        ::recv(kernel.get(), &answer, sizeof answer, 0) <
            static_cast<ssize_t>(sizeof answer.header + sizeof(int))) {
        return fail(Errc::Unsupported, "sock_diag: no answer");
    }
    if (answer.header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
        const auto& socket = answer.body.socket;
        return socket.idiag_inode == 0 ? std::nullopt // an orphan, for which it says user 0
                                       : std::optional<std::uint32_t>(socket.idiag_uid);
    }
    if (answer.header.nlmsg_type == NLMSG_ERROR && answer.body.error.error == -ENOENT) {
        return std::nullopt;
    }
    return fail(Errc::Unsupported, "sock_diag: refused");
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
    if (const auto user = askKernel(far, near)) {
        return *user;
    }
    std::ifstream file(near.ss_family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6");
    std::stringstream table;
    table << file.rdbuf();
    return ownerInTable(table.str(), kernelAddress(*farAddress), kernelAddress(*nearAddress));
}

} // namespace guichet::net
