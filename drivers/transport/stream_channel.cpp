// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/stream_channel.h"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace guichet::transport {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

/// Without the signal that a socket whose peer is gone would raise.
ssize_t put(int stream, ByteView bytes)
{
    const auto sent = ::send(stream, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent < 0 && errno == ENOTSOCK ? ::write(stream, bytes.data(), bytes.size()) : sent;
}

} // namespace

bool waitFor(int stream, short events, SteadyClock::time_point end)
{
    for (;;) {
        const auto left = std::chrono::ceil<Milliseconds>(end - SteadyClock::now());
        pollfd entry{stream, events, 0};
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

tl::unexpected<Error> StreamChannel::gone(std::string_view what)
{
    m_stream.reset();
    return fail(Errc::Disconnected, fmt::format("{}: {}", m_name, what), Remedy::ReconnectCable);
}

Result<std::size_t> StreamChannel::write(ByteView bytes, Milliseconds timeout)
{
    if (!m_stream) {
        return gone("closed");
    }
    const auto end = SteadyClock::now() + timeout;
    std::size_t accepted = 0;
    while (accepted < bytes.size()) {
        const auto rest = bytes.subspan(accepted);
        const auto count = put(m_stream.get(), rest);
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
        if (!waitFor(m_stream.get(), POLLOUT, end)) {
            break;
        }
    }
    if (accepted == 0 && !bytes.empty()) {
        return fail(Errc::Timeout,
                    fmt::format("{}: not one byte accepted in {} ms", m_name, timeout.count()));
    }
    return accepted;
}

Result<Bytes> StreamChannel::read(std::size_t most, Milliseconds timeout)
{
    if (!m_stream) {
        return gone("closed");
    }
    const auto end = SteadyClock::now() + timeout;
    Bytes bytes(most);
    for (;;) {
        const auto count = ::read(m_stream.get(), bytes.data(), bytes.size());
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
        if (!waitFor(m_stream.get(), POLLIN, end)) {
            return fail(Errc::Timeout,
                        fmt::format("{}: no answer in {} ms", m_name, timeout.count()));
        }
    }
}

} // namespace guichet::transport
