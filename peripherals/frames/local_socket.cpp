// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/local_socket.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace guichet::frames {

namespace {

Result<sockaddr_un> addressOf(const std::filesystem::path& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto& text = path.native();
    if (text.size() >= sizeof address.sun_path) {
        return fail(Errc::Invalid, "frames: " + text + ": too long for a socket's path");
    }
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    return address;
}

const sockaddr* generic(const sockaddr_un& address)
{
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's own way
    return reinterpret_cast<const sockaddr*>(&address);
}

UniqueFd newSocket()
{
    return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

union OneFile {
    std::array<char, CMSG_SPACE(sizeof(int))> bytes;
    cmsghdr header;
};

} // namespace

Result<UniqueFd> listenAt(const std::filesystem::path& path)
{
    // Nobody can connect before listen(), and rename() replaces a dead writer's socket at once.
    const std::filesystem::path fresh = path.native() + ".new";
    auto address = addressOf(fresh);
    if (!address) {
        return tl::unexpected(std::move(address).error());
    }
    ::unlink(fresh.c_str());
    auto socket = newSocket();
    if (!socket || ::bind(socket.get(), generic(*address), sizeof *address) != 0 ||
        ::chmod(fresh.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.get(), 16) != 0 ||
        ::rename(fresh.c_str(), path.c_str()) != 0) {
        return fail(Errc::Denied, "frames: " + path.native() + ": " + systemMessage(errno));
    }
    return socket;
}

Result<UniqueFd> connectTo(const std::filesystem::path& path)
{
    auto address = addressOf(path);
    if (!address) {
        return tl::unexpected(std::move(address).error());
    }
    auto socket = newSocket();
    if (!socket || ::connect(socket.get(), generic(*address), sizeof *address) != 0) {
        return fail(Errc::Disconnected, "frames: " + path.native() + ": " + systemMessage(errno));
    }
    return socket;
}

bool sendFile(int socket, int file)
{
    char byte = 0;
    iovec part{&byte, 1};
    OneFile control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    std::memcpy(CMSG_DATA(header), &file, sizeof file);
    return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

Received receive(int socket, UniqueFd& file)
{
    std::array<char, 64> bytes{};
    iovec part{bytes.data(), bytes.size()};
    OneFile control{}; // room for one: the kernel closes what is more
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    const auto count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (count < 0) {
        return errno == EAGAIN || errno == EINTR ? Received::Nothing : Received::Closed;
    }
    if (count == 0) {
        return Received::Closed;
    }
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header == nullptr || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int))) {
        return Received::Wake;
    }
    int received = -1;
    std::memcpy(&received, CMSG_DATA(header), sizeof received);
    file.reset(received);
    return Received::File;
}

} // namespace guichet::frames
