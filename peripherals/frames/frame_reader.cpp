// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/frame_reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <poll.h>

#include "peripherals/frames/local_socket.h"

namespace guichet::frames {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kKnockAgain = 50ms; ///< a replaced writer is seen soon

} // namespace

FrameReader::FrameReader(std::filesystem::path socket)
    : m_path(std::move(socket))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

FrameReader::~FrameReader() = default;

void FrameReader::interrupt()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake.get(), &one, sizeof one);
}

std::optional<FrameInfo> FrameReader::next(Bytes& pixels, std::chrono::milliseconds timeout)
{
    const auto end = SteadyClock::now() + timeout;
    for (;;) {
        if (!m_socket) {
            connect();
        }
        tell(true);
        if (auto info = copyNewest(pixels)) {
            return info;
        }
        const auto left =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(end - SteadyClock::now()), 0ms);
        const auto patience =
            m_socket ? left : std::min<std::chrono::milliseconds>(left, kKnockAgain);
        std::array<pollfd, 2> watched{pollfd{m_wake.get(), POLLIN, 0},
                                      pollfd{m_socket.get(), POLLIN, 0}};
        const int events =
            ::poll(watched.data(), watched.size(), static_cast<int>(patience.count()));
        if (watched[0].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto got = ::read(m_wake.get(), &count, sizeof count);
            return std::nullopt;
        }
        if (watched[1].revents != 0) {
            drain();
        }
        if (events <= 0 && left == 0ms) {
            return std::nullopt;
        }
    }
}

void FrameReader::rest()
{
    tell(false);
}

bool FrameReader::cameraThere()
{
    if (!m_socket) {
        connect();
    }
    if (m_socket) {
        drain();
    }
    return connected() && m_memory.word(kSourceOffset).load(std::memory_order_acquire) != 0;
}

void FrameReader::tell(bool wanted)
{
    if (!m_socket || wanted == m_wanted) {
        return;
    }
    const char byte = wanted ? kWantFrames : kWantNothing;
    if (::send(m_socket.get(), &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) {
        m_wanted = wanted;
    }
}

void FrameReader::connect()
{
    if (auto socket = connectTo(m_path)) {
        m_socket = std::move(*socket);
    }
}

void FrameReader::disconnect()
{
    m_socket.reset();
    m_memory = Mapping();
    m_wanted = false;
    m_last = 0;
}

void FrameReader::drain()
{
    for (;;) {
        UniqueFd file;
        switch (receive(m_socket.get(), file)) {
        case Received::Nothing:
            return;
        case Received::Wake:
            break;
        case Received::File:
            if (!take(file)) {
                return disconnect();
            }
            break;
        case Received::Closed:
            return disconnect();
        }
    }
}

Result<void> FrameReader::take(const UniqueFd& file)
{
    struct stat about {};
    const int seals = ::fcntl(file.get(), F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0 || ::fstat(file.get(), &about) != 0) {
        return fail(Errc::Protocol, "frames: memory that may shrink");
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size < kPage) {
        return fail(Errc::Protocol, "frames: memory without a ring");
    }
    auto memory = Mapping::map(file.get(), size, false);
    if (!memory) {
        return tl::unexpected(std::move(memory).error());
    }
    auto shape = decodeRing({memory->at(0), kLatestOffset}, size);
    if (!shape) {
        return tl::unexpected(std::move(shape).error());
    }
    m_memory = std::move(*memory);
    m_shape = *shape;
    m_last = 0;
    return {};
}

std::optional<FrameInfo> FrameReader::copyNewest(Bytes& pixels)
{
    if (!connected()) {
        return std::nullopt;
    }
    const auto sequence = m_memory.word(kLatestOffset).load(std::memory_order_acquire);
    if (sequence == 0 || sequence == m_last) {
        return std::nullopt;
    }
    m_last = sequence;
    const auto slot = slotOffset(m_shape, sequence);
    const auto version = m_memory.word(slot);
    if (version.load(std::memory_order_acquire) != wholeVersion(sequence)) {
        return std::nullopt; // overtaken: the next wake-up brings a newer one
    }
    std::array<std::byte, kSlotHeaderBytes> header{}; // checked and used are the same bytes
    std::memcpy(header.data(), m_memory.at(slot), header.size());
    const auto info = decodeSlot(header, m_shape);
    if (!info) {
        return std::nullopt;
    }
    pixels.resize(bytesFor(*info));
    std::memcpy(pixels.data(), m_memory.at(slot + kSlotHeaderBytes), pixels.size());
    std::atomic_thread_fence(std::memory_order_acquire);
    if (version.load(std::memory_order_relaxed) != wholeVersion(sequence)) {
        return std::nullopt;
    }
    return *info;
}

} // namespace guichet::frames
