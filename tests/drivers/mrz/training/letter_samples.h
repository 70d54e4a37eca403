// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "drivers/mrz/letter_net.h"

namespace guichet::test {

/// A cell's picture, in thirty-seconds of a deviation, and what it shows.
struct LetterSample {
    std::array<std::int8_t, std::tuple_size_v<mrz::CellPicture>> pixels;
    std::uint8_t letter;

    [[nodiscard]] mrz::CellPicture picture() const;
};

/// Prints and photographs `pages` pages in all kinds of bad light, and cuts their cells a little
/// beside where they are. One cell in eight shows no letter: upside down, between two, beside.
[[nodiscard]] std::vector<LetterSample> letterSamples(unsigned seed, int pages);

} // namespace guichet::test
