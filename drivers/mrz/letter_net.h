// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "drivers/mrz/letter_layers.h"
#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"

namespace guichet::mrz {

/// What a cell of the zone can hold, in the order of the scores.
inline constexpr std::string_view kZoneLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
/// The score behind those of the letters: no letter, or none that stands upright in its cell.
inline constexpr std::size_t kNoLetter = kZoneLetters.size();

inline constexpr int kCellRows = 24, kCellColumns = 20;
/// Pixels of a cell's picture from one letter to the next: it shows a little of both neighbours.
inline constexpr int kCellPitch = 16;

using CellPicture = std::array<float, std::size_t{kCellRows} * kCellColumns>;
using LetterScores = std::array<float, kNoLetter + 1>; ///< of one cell; their sum is 1

/// A small convolutional network that knows OCR-B. Trained by `train_mrz_letters` of the tests.
struct LetterNet {
    using Edges = Convolution<kCellRows, kCellColumns, 1, 16, 5>;
    using Shapes = Convolution<kCellRows / 2, kCellColumns / 2, 16, 24, 3>;
    using Hidden = Dense<std::tuple_size_v<Shapes::Output>, 64>;
    using Letters = Dense<64, kNoLetter + 1>;
    Edges edges;
    Shapes shapes;
    Hidden hidden;
    Letters letters;

    /// Everything computed on the way, which the training needs too.
    struct Steps {
        Edges::Output edges;
        Shapes::Output shapes;
        Hidden::Output hidden;
        LetterScores scores;
    };
    void run(const CellPicture& cell, Steps& steps) const;
};

/// Reads weights of one byte each, as `train_mrz_letters` writes them. Errc::Protocol: another
/// size.
[[nodiscard]] Result<void> loadWeights(LetterNet& net, ByteView bytes);

/// The network with the weights that are compiled in. 200 kB; loaded in less than 1 ms.
[[nodiscard]] LetterNet trainedNet();

} // namespace guichet::mrz
