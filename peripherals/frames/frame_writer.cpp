// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/frame_writer.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <sys/socket.h>

#include <fcntl.h>

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
    m_memory.word(kLatestOffset).store(info.sequence, std::memory_order_release);
    wakeReaders();
    serve();
    return {};
}

void FrameWriter::wakeReaders()
{
    std::erase_if(m_readers, [](const UniqueFd& reader) {
        const char byte = 1;
        const auto sent = ::send(reader.get(), &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        // Full: a slow reader has its wake-up already.
        return sent < 0 && errno != EAGAIN && errno != EINTR;
    });
}

void FrameWriter::serve()
{
    std::erase_if(m_readers, [](const UniqueFd& reader) {
        char byte = 0; // readers never send
        const auto got = ::recv(reader.get(), &byte, 1, MSG_DONTWAIT);
        return got >= 0 || (errno != EAGAIN && errno != EINTR);
    });
    for (;;) {
        UniqueFd reader(
            ::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!reader) {
            return;
        }
        if (m_readers.size() < kMostReaders && sendFile(reader.get(), m_file.get())) {
            m_readers.push_back(std::move(reader));
        }
    }
}

} // namespace guichet::frames
