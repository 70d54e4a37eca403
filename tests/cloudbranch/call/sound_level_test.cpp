// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/sound_level.h"

#include <array>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

using namespace guichet::call;

TEST_CASE("sound level: silence, and nothing at all, is the least there is")
{
    CHECK(levelDb({}) == kSilenceDb);
    CHECK(levelDb(std::array<std::int16_t, 480>{}) == kSilenceDb);
}

TEST_CASE("sound level: the loudest is 0 dB, a tenth of it 20 dB below")
{
    const auto loudest = std::numeric_limits<std::int16_t>::max();
    CHECK(levelDb(std::vector<std::int16_t>(480, loudest)) == Approx(0).margin(0.01));
    CHECK(levelDb(std::vector<std::int16_t>(480, loudest / 10)) == Approx(-20).margin(0.01));
}
