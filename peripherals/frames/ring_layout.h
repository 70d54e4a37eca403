// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "peripherals/base/bytes.h"
#include "peripherals/frames/frame.h"

/// Where everything lies in the memory that writer and readers share. Pure: numbers that another
/// process wrote are checked here, once, before anybody uses them. Byte order is the machine's own.
namespace guichet::frames {

/// How many frames a ring holds, and of which size at most.
struct RingShape {
    std::uint32_t slotCount = 0;
    std::uint64_t slotBytes = 0;

    [[nodiscard]] bool operator==(const RingShape&) const = default;
};

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kLatestOffset = 64;    ///< u64: the newest sequence; 0: none yet
inline constexpr std::size_t kSourceOffset = 72;    ///< u64: 1 while there is a camera
inline constexpr std::size_t kSlotHeaderBytes = 64; ///< then the frame's bytes
inline constexpr std::uint32_t kMostSlots = 16;
inline constexpr std::uint32_t kMostPixels = 8192; ///< a side
inline constexpr std::uint64_t kMostSlotBytes = 128ULL * 1024 * 1024;

/// From the start of one slot to the next, and of the whole ring.
[[nodiscard]] std::size_t slotStride(const RingShape& shape);
[[nodiscard]] std::size_t ringBytes(const RingShape& shape);
/// Where the slot of a frame starts: its version (u64), then its header.
[[nodiscard]] std::size_t slotOffset(const RingShape& shape, std::uint64_t sequence);
/// The version of a slot that holds the whole of a frame. One less: it is being written.
[[nodiscard]] constexpr std::uint64_t wholeVersion(std::uint64_t sequence)
{
    return 2 * sequence;
}

/// The start of a ring, kLatestOffset bytes.
[[nodiscard]] Bytes encodeRing(const RingShape& shape);
/// Fails with Errc::Protocol if it is no ring of ours or does not fit into `mappedBytes`.
[[nodiscard]] Result<RingShape> decodeRing(ByteView start, std::size_t mappedBytes);

/// A slot's header, kSlotHeaderBytes, with version 0.
[[nodiscard]] Bytes encodeSlot(const FrameInfo& info);
/// Fails with Errc::Protocol if such a frame does not fit into a slot or makes no sense.
[[nodiscard]] Result<FrameInfo> decodeSlot(ByteView header, const RingShape& shape);
/// The same checks on what a writer is about to publish. Fails with Errc::Invalid.
[[nodiscard]] Result<void> checkFrame(const FrameInfo& info, std::uint64_t slotBytes);

} // namespace guichet::frames
