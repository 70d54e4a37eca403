// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/sound_gaps.h"

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::call;

namespace {

Bytes packet(std::initializer_list<unsigned> bytes)
{
    Bytes made;
    for (const auto each : bytes) {
        made.push_back(std::byte(each));
    }
    return made;
}

constexpr unsigned kSilk20 = 9U << 3U, kSilk40 = 10U << 3U, kSilk60 = 11U << 3U,
                   kHybrid20 = 15U << 3U, kCelt20 = 31U << 3U, kStereo = 4;
constexpr std::uint64_t kFrame = 960;

} // namespace

TEST_CASE("sound gaps: speech says behind its voice activity whether it repeats the frame before")
{
    CHECK(carriesPrevious(packet({kSilk20, 0b0100'0000})));
    CHECK_FALSE(carriesPrevious(packet({kSilk20, 0b1011'1111})));
    CHECK(carriesPrevious(packet({kSilk40, 0b0010'0000})));
    CHECK(carriesPrevious(packet({kSilk60, 0b0001'0000})));
    CHECK_FALSE(carriesPrevious(packet({kSilk60, 0b1110'1111})));
    CHECK(carriesPrevious(packet({kHybrid20, 0b0100'0000})));
}

TEST_CASE("sound gaps: either channel may repeat it")
{
    CHECK(carriesPrevious(packet({kSilk20 | kStereo, 0b0001'0000})));
    CHECK(carriesPrevious(packet({kSilk60 | kStereo, 0b0000'0001})));
    CHECK_FALSE(carriesPrevious(packet({kSilk20 | kStereo, 0b1010'1111})));
}

TEST_CASE("sound gaps: of two frames the first one counts, wherever it begins")
{
    CHECK(carriesPrevious(packet({kSilk20 | 1U, 0b0100'0000})));
    CHECK(carriesPrevious(packet({kSilk20 | 2U, 20, 0b0100'0000})));
    CHECK(carriesPrevious(packet({kSilk20 | 2U, 252, 1, 0b0100'0000})));
    CHECK_FALSE(carriesPrevious(packet({kSilk20 | 3U, 0b0100'0000, 0b0100'0000})));
}

TEST_CASE("sound gaps: music repeats nothing, nor does a packet that is cut")
{
    CHECK_FALSE(carriesPrevious(packet({kCelt20, 0b0100'0000})));
    CHECK_FALSE(carriesPrevious({}));
    CHECK_FALSE(carriesPrevious(packet({kSilk20})));
    CHECK_FALSE(carriesPrevious(packet({kSilk20 | 2U, 252, 1})));
}

TEST_CASE("sound gaps: what the next packet brings was not made up, everything else was")
{
    const auto repeating = packet({kSilk20, 0b0100'0000});
    const auto plain = packet({kSilk20, 0b1000'0000});
    SoundGaps gaps;
    gaps.arrived(repeating);
    gaps.lost(kFrame);
    gaps.arrived(repeating);
    CHECK(gaps.concealed() == 0);
    gaps.lost(kFrame);
    gaps.arrived(plain);
    CHECK(gaps.concealed() == kFrame);
    gaps.lost(kFrame);
    gaps.lost(kFrame);
    gaps.arrived(repeating);
    CHECK(gaps.concealed() == 2 * kFrame);
    gaps.lost(3 * kFrame); // told as one
    gaps.arrived(repeating);
    CHECK(gaps.concealed() == 4 * kFrame);
}
