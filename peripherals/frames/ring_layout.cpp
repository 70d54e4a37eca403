// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/ring_layout.h"

#include <cstring>
#include <string>

namespace guichet::frames {

namespace {

constexpr std::uint64_t kMagic = 0x314D'5246'5448'4347; // "GCHTFRM1" in memory
constexpr std::size_t kRingFields = 24;

template <typename T> void put(Bytes& bytes, std::size_t at, T value)
{
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <typename T> T get(ByteView bytes, std::size_t at)
{
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::size_t wholePages(std::size_t bytes)
{
    return (bytes + kPage - 1) / kPage * kPage;
}

} // namespace

std::size_t slotStride(const RingShape& shape)
{
    return wholePages(kSlotHeaderBytes + static_cast<std::size_t>(shape.slotBytes));
}

std::size_t ringBytes(const RingShape& shape)
{
    return kPage + shape.slotCount * slotStride(shape);
}

std::size_t slotOffset(const RingShape& shape, std::uint64_t sequence)
{
    return kPage + static_cast<std::size_t>(sequence % shape.slotCount) * slotStride(shape);
}

Bytes encodeRing(const RingShape& shape)
{
    Bytes start(kLatestOffset);
    put(start, 0, kMagic);
    put(start, 8, shape.slotCount);
    put(start, 16, shape.slotBytes);
    return start;
}

Result<RingShape> decodeRing(ByteView start, std::size_t mappedBytes)
{
    if (start.size() < kRingFields || get<std::uint64_t>(start, 0) != kMagic) {
        return fail(Errc::Protocol, "frames: not a ring of frames");
    }
    const RingShape shape{get<std::uint32_t>(start, 8), get<std::uint64_t>(start, 16)};
    if (shape.slotCount == 0 || shape.slotCount > kMostSlots || shape.slotBytes == 0 ||
        shape.slotBytes > kMostSlotBytes) {
        return fail(Errc::Protocol, "frames: a ring of an impossible size");
    }
    if (ringBytes(shape) > mappedBytes) {
        return fail(Errc::Protocol, "frames: a ring larger than its memory");
    }
    return shape;
}

Bytes encodeSlot(const FrameInfo& info)
{
    Bytes header(kSlotHeaderBytes);
    put(header, 8, info.sequence);
    put(header, 16, info.captureNs);
    put(header, 24, info.width);
    put(header, 28, info.height);
    put(header, 32, info.stride);
    put(header, 36, static_cast<std::uint32_t>(info.format));
    return header;
}

Result<void> checkFrame(const FrameInfo& info, std::uint64_t slotBytes)
{
    const bool known = info.format == PixelFormat::Gray8 || info.format == PixelFormat::I420;
    if (!known) {
        return fail(Errc::Invalid, "frames: an unknown pixel format");
    }
    if (info.width == 0 || info.height == 0 || info.width > kMostPixels ||
        info.height > kMostPixels || info.stride < info.width || info.stride > 2 * kMostPixels) {
        return fail(Errc::Invalid, "frames: impossible width, height or stride");
    }
    if (bytesFor(info) > slotBytes) {
        return fail(Errc::Invalid, "frames: " + std::to_string(bytesFor(info)) +
                                       " bytes, a slot holds " + std::to_string(slotBytes));
    }
    return {};
}

Result<FrameInfo> decodeSlot(ByteView header, const RingShape& shape)
{
    if (header.size() < kSlotHeaderBytes) {
        return fail(Errc::Protocol, "frames: a slot's header is too short");
    }
    FrameInfo info;
    info.sequence = get<std::uint64_t>(header, 8);
    info.captureNs = get<std::int64_t>(header, 16);
    info.width = get<std::uint32_t>(header, 24);
    info.height = get<std::uint32_t>(header, 28);
    info.stride = get<std::uint32_t>(header, 32);
    info.format = static_cast<PixelFormat>(get<std::uint32_t>(header, 36));
    if (auto checked = checkFrame(info, shape.slotBytes); !checked) {
        return fail(Errc::Protocol, std::move(checked.error().detail));
    }
    return info;
}

} // namespace guichet::frames
