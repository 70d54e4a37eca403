// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/local_port.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace guichet::hub {
namespace {

constexpr std::size_t kLongest = 64 * 1024;
constexpr std::chrono::seconds kLineWait{5};  ///< for the other side's line
constexpr std::chrono::seconds kWorkTime{30}; ///< for the command itself
constexpr auto kName = "hub.sock";

/// A socket's address has room for 107 characters, a folder's name may have more: so the folder is
/// opened, and named by its number.
sockaddr_un addressIn(int folder)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = "/proc/self/fd/" + std::to_string(folder) + "/" + kName;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

UniqueFd openFolder(const std::filesystem::path& data)
{
    return UniqueFd(::open(data.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/// Up to the first line end; nothing if it does not come.
std::optional<std::string> readLine(int socket, std::chrono::milliseconds patience)
{
    const auto end = std::chrono::steady_clock::now() + patience;
    std::string text;
    std::array<char, 4096> part{};
    while (text.size() <= kLongest) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd file{socket, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&file, 1, static_cast<int>(left.count())) <= 0) {
            return std::nullopt;
        }
        const auto count = ::recv(socket, part.data(), part.size(), 0);
        if (count <= 0) {
            return std::nullopt;
        }
        text.append(part.data(), static_cast<std::size_t>(count));
        if (const auto line = text.find('\n'); line != std::string::npos) {
            return text.substr(0, line);
        }
    }
    return std::nullopt;
}

bool writeLine(int socket, const std::string& line)
{
    const auto text = line + "\n";
    std::size_t sent = 0;
    while (sent < text.size()) {
        const auto count = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

bool isOurs(int socket)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == ::geteuid() || peer.uid == 0);
}

} // namespace

LocalPort::LocalPort(UniqueFd folder, UniqueFd listening, Perform perform)
    : m_folder(std::move(folder))
    , m_listening(std::move(listening))
    , m_end(::eventfd(0, EFD_CLOEXEC))
    , m_perform(std::move(perform))
    , m_thread([this] { serve(); })
{
}

Result<std::unique_ptr<LocalPort>> LocalPort::open(const std::filesystem::path& data,
                                                   Perform perform)
{
    auto folder = openFolder(data);
    UniqueFd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = addressIn(folder.get());
    ::unlinkat(folder.get(), kName, 0); // of a hub that was killed: the store's lock is ours
    const auto mask = ::umask(0177);
    const bool bound =
        folder && listening &&
        ::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::umask(mask);
    if (!bound || ::listen(listening.get(), 8) != 0) {
        return fail(Errc::Busy, (data / kName).string() + ": " + systemMessage(errno));
    }
    return std::unique_ptr<LocalPort>(
        new LocalPort(std::move(folder), std::move(listening), std::move(perform)));
}

LocalPort::~LocalPort()
{
    ::eventfd_write(m_end.get(), 1);
    m_thread.join();
    ::unlinkat(m_folder.get(), kName, 0);
}

void LocalPort::serve()
{
    for (;;) {
        std::array<pollfd, 2> files{pollfd{m_listening.get(), POLLIN, 0},
                                    pollfd{m_end.get(), POLLIN, 0}};
        if (::poll(files.data(), files.size(), -1) < 0) {
            continue;
        }
        if (files[1].revents != 0) {
            return;
        }
        const UniqueFd peer(::accept4(m_listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (peer && isOurs(peer.get())) {
            answer(peer.get());
        }
    }
}

void LocalPort::answer(int peer)
{
    if (const auto line = readLine(peer, kLineWait)) {
        writeLine(peer, m_perform(*line));
    }
}

Result<std::string> askHub(const std::filesystem::path& data, const std::string& line)
{
    const auto folder = openFolder(data);
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = addressIn(folder.get());
    if (!folder || !socket ||
        ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const bool denied = errno == EACCES || errno == EPERM;
        return fail(denied ? Errc::Denied : Errc::NotFound,
                    data.string() + ": " + systemMessage(errno));
    }
    if (writeLine(socket.get(), line)) {
        if (auto answer = readLine(socket.get(), kWorkTime)) {
            return std::move(*answer);
        }
    }
    return fail(Errc::Timeout, "the hub that runs here did not answer");
}

} // namespace guichet::hub
