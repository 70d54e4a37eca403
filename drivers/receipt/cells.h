// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/receipt/receipt_text.h"

/// Text in cells of a grid: how wide it is, and where its lines break. Pure.
namespace guichet::receipt {

/// A character with the marks that sit on it. East Asian Wide and Fullwidth take 2 cells, marks 0,
/// all else 1 (Unicode UAX 11).
struct Cluster {
    std::string_view text;
    int cells;
};

/// Borrows the text, which must be valid UTF-8.
[[nodiscard]] std::vector<Cluster> clustersOf(std::string_view text);
/// What is not UTF-8 becomes U+FFFD; control characters but '\n' vanish.
[[nodiscard]] std::string cleaned(std::string_view text);

/// A stretch of one look on one line.
struct Piece {
    Span look;     ///< with its text
    int cells = 0; ///< its enlargement counted
};
struct CellLine {
    std::vector<Piece> pieces;
    int cells = 0;
    int high = 1;
};

/// Breaks at spaces and beside Chinese, Japanese and Korean characters, else anywhere; without
/// `wrap` each line is cut off instead. Never empty. Errc::Invalid: a character that is wider than
/// the column.
[[nodiscard]] Result<std::vector<CellLine>> wrapInto(const std::vector<Span>& spans, int cells,
                                                     bool wrap, Position at);

/// Sets enlarged text smaller, step by step down to its normal width, until each of its lines fits
/// into so many cells.
void shrinkInto(std::vector<Span>& spans, int cells);

} // namespace guichet::receipt
