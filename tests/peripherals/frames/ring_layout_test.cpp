// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/ring_layout.h"

#include <cstring>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::frames;

namespace {

constexpr RingShape kLargeFrames{4, 6000};
constexpr FrameInfo kFrame{9, 123, 64, 48, 64, PixelFormat::I420};

} // namespace

TEST_CASE("ring layout: what the writer wrote is what the reader reads", "[frames]")
{
    const auto shape = decodeRing(encodeRing(kLargeFrames), ringBytes(kLargeFrames));
    REQUIRE(shape);
    CHECK(*shape == kLargeFrames);
    const auto info = decodeSlot(encodeSlot(kFrame), *shape);
    REQUIRE(info);
    CHECK(*info == kFrame);
}

TEST_CASE("ring layout: slots neither overlap nor reach beyond the ring", "[frames]")
{
    for (std::uint64_t sequence = 1; sequence < 9; ++sequence) {
        const auto begin = slotOffset(kLargeFrames, sequence);
        CHECK(begin % kPage == 0);
        CHECK(begin + kSlotHeaderBytes + kLargeFrames.slotBytes <= ringBytes(kLargeFrames));
        CHECK(begin != slotOffset(kLargeFrames, sequence + 1));
    }
}

TEST_CASE("ring layout: a ring that does not fit its memory is refused", "[frames]")
{
    CHECK_FALSE(decodeRing(encodeRing(kLargeFrames), ringBytes(kLargeFrames) - 1));
    CHECK_FALSE(decodeRing(encodeRing({0, 6000}), 1 << 20));
    CHECK_FALSE(decodeRing(encodeRing({4, 0}), 1 << 20));
    CHECK_FALSE(decodeRing(encodeRing({4, ~0ULL}), 1 << 20));
    CHECK_FALSE(decodeRing(encodeRing({~0U, ~0ULL / 2}), 1 << 20));
    CHECK_FALSE(decodeRing(Bytes(kLatestOffset), 1 << 20));
    CHECK_FALSE(decodeRing({}, 1 << 20));
}

TEST_CASE("ring layout: a frame that does not fit its slot is refused", "[frames]")
{
    auto wrong = kFrame;
    SECTION("wider than its rows")
    {
        wrong.width = wrong.stride + 1;
    }
    SECTION("higher than the slot")
    {
        wrong.height = 64;
    }
    SECTION("nothing at all")
    {
        wrong.height = 0;
    }
    SECTION("rows that overflow")
    {
        wrong.stride = ~0U;
    }
    SECTION("an unknown format")
    {
        wrong.format = static_cast<PixelFormat>(7);
    }
    CHECK_FALSE(decodeSlot(encodeSlot(wrong), kLargeFrames));
    CHECK_FALSE(decodeSlot(ByteView(encodeSlot(kFrame)).first(kSlotHeaderBytes - 1), kLargeFrames));
}

TEST_CASE("ring layout: chroma of odd sides is counted whole", "[frames]")
{
    CHECK(bytesFor({0, 0, 3, 3, 3, PixelFormat::I420}) == 9 + 2 * 4);
    CHECK(bytesFor({0, 0, 3, 3, 3, PixelFormat::Gray8}) == 9);
}
