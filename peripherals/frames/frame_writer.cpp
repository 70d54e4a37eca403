// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/frame_writer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <sys/socket.h>

#include <fcntl.h>
#include <poll.h>

#include "peripherals/frames/local_socket.h"

namespace guichet::frames {

Result<std::unique_ptr<FrameWriter>> FrameWriter::open(const std::filesystem::path& socket,
                                                       RingShape shape)
{
    const auto start = encodeRing(shape);
    if (auto checked = decodeRing(start, ringBytes(shape)); !checked) {
        return fail(Errc::Invalid, std::move(checked.error().detail));
    }
    UniqueFd file(::memfd_create("guichet-frames", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    const auto size = ringBytes(shape);
    if (!file || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0) {
        return fail(Errc::Internal, "frames: memory: " + systemMessage(errno));
    }
    auto memory = Mapping::map(file.get(), size, true);
    if (!memory) {
        return tl::unexpected(std::move(memory).error());
    }
    // Readers can rely on the size, and can map it for reading only.
    constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
    if (::fcntl(file.get(), F_ADD_SEALS, kSeals) != 0) {
        return fail(Errc::Internal, "frames: seal: " + systemMessage(errno));
    }
    std::memcpy(memory->at(0), start.data(), start.size());
    auto listener = listenAt(socket);
    if (!listener) {
        return tl::unexpected(std::move(listener).error());
    }
    return std::unique_ptr<FrameWriter>(
        new FrameWriter(std::move(*listener), std::move(file), std::move(*memory), shape));
}

FrameWriter::FrameWriter(UniqueFd listener, UniqueFd file, Mapping memory, RingShape shape)
    : m_listener(std::move(listener))
    , m_file(std::move(file))
    , m_memory(std::move(memory))
    , m_shape(shape)
{
}

FrameWriter::~FrameWriter() = default;

Result<void> FrameWriter::publish(FrameInfo info, ByteView pixels)
{
    if (auto checked = checkFrame(info, m_shape.slotBytes); !checked) {
        return checked;
    }
    if (pixels.size() < bytesFor(info)) {
        return fail(Errc::Invalid, "frames: fewer bytes than the frame has");
    }
    info.sequence = ++m_sequence;
    const auto slot = slotOffset(m_shape, info.sequence);
    const auto header = encodeSlot(info);
    auto version = m_memory.word(slot);
    // A seqlock (Boehm, "Can seqlocks get along with programming language memory models?", 2012).
    version.store(wholeVersion(info.sequence) - 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    constexpr std::size_t kVersion = sizeof(std::uint64_t);
    std::memcpy(m_memory.at(slot + kVersion), header.data() + kVersion, header.size() - kVersion);
    std::memcpy(m_memory.at(slot + kSlotHeaderBytes), pixels.data(), bytesFor(info));
    version.store(wholeVersion(info.sequence), std::memory_order_release);
    m_memory.word(kSourceOffset).store(1, std::memory_order_release);
    m_memory.word(kLatestOffset).store(info.sequence, std::memory_order_release);
    wakeReaders();
    serve();
    return {};
}

void FrameWriter::wakeReaders()
{
    std::erase_if(m_readers, [](const Reader& reader) {
        if (!reader.wants) {
            return false;
        }
        const char byte = 1;
        const auto sent = ::send(reader.socket.get(), &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        // Full: a slow reader has its wake-up already.
        return sent < 0 && errno != EAGAIN && errno != EINTR;
    });
}

bool FrameWriter::hear(Reader& reader)
{
    std::array<char, 64> said{}; // once only: a reader that babbles must not hold us up
    const auto got = ::recv(reader.socket.get(), said.data(), said.size(), MSG_DONTWAIT);
    if (got > 0) {
        reader.wants = said[static_cast<std::size_t>(got) - 1] != kWantNothing;
    }
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

bool FrameWriter::wanted() const
{
    return std::any_of(m_readers.begin(), m_readers.end(),
                       [](const Reader& reader) { return reader.wants; });
}

void FrameWriter::sourceLost()
{
    m_memory.word(kSourceOffset).store(0, std::memory_order_release);
}

void FrameWriter::wait(std::chrono::milliseconds timeout)
{
    std::vector<pollfd> watched{{m_listener.get(), POLLIN, 0}};
    for (const auto& reader : m_readers) {
        watched.push_back({reader.socket.get(), POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), static_cast<int>(timeout.count()));
    serve();
}

void FrameWriter::serve()
{
    std::erase_if(m_readers, [](Reader& reader) { return !hear(reader); });
    for (;;) {
        UniqueFd reader(
            ::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!reader) {
            return;
        }
        if (m_readers.size() < kMostReaders && sendFile(reader.get(), m_file.get())) {
            m_readers.push_back({std::move(reader)});
            static_cast<void>(hear(m_readers.back())); // what it said as it knocked
        }
    }
}

} // namespace guichet::frames
