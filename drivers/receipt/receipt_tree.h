// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/receipt/receipt_text.h"
#include "peripherals/classes/bitmap.h"

/// Where everything of a receipt stands, in dots: the one thing that paper, preview and archive
/// are made from. Pure.
namespace guichet::receipt {

inline constexpr int kCellWidth = 12, kCellHeight = 24, kDotsPerMm = 8; ///< 203 dots an inch

struct TextBlock {
    Span look; ///< with its text
};
/// A black rectangle.
struct FillBlock {};
/// Each module `across` by `down` dots.
struct CodeBlock {
    Bitmap modules;
    int across, down;
};
struct PictureBlock {
    Bitmap dots;
};

struct Block {
    int x, y, width, height;
    std::variant<TextBlock, FillBlock, CodeBlock, PictureBlock> content;
};

struct ReceiptTree {
    int width = 0, height = 0;
    std::vector<Block> blocks;
    std::vector<int> cuts; ///< at these rows
    CutKind cut = CutKind::Usual;
    std::optional<int> presentMm;
};

/// Sets a receipt upon paper of that width; its cells are 12 by 24 dots. Errc::Invalid names line
/// and column, what was seen and what was wanted: columns, codes or images wider than the paper,
/// or more than 2.5 m of it.
[[nodiscard]] Result<ReceiptTree> setReceipt(const Receipt& receipt, int widthDots = 576);

} // namespace guichet::receipt
