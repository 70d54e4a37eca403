// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "drivers/receipt/receipt_tree.h"
#include "peripherals/base/bytes.h"

namespace guichet::receipt {

/// A receipt in one of its forms, and the characters that no installed font has: each of these was
/// drawn as U+3013, the printer's mark for a missing letter, never as a box.
template <typename Form> struct Painted {
    Form form;
    std::vector<char32_t> missing; ///< in ascending order, each once; may be of a person's name
};

/// Paints set receipts: text is shaped by Pango in Noto Sans Mono CJK SC, and where that lacks a
/// character in the font that fontconfig chooses. The fonts are looked for once and kept.
/// Thread: any, one at a time.
class ReceiptPainter {
public:
    /// Errc::NotFound with CallStaff, naming family and package, if the font is not installed.
    [[nodiscard]] static Result<ReceiptPainter> open();

    ReceiptPainter(ReceiptPainter&&) noexcept;
    ReceiptPainter& operator=(ReceiptPainter&&) noexcept;
    ~ReceiptPainter();

    /// The dots that the print head burns.
    [[nodiscard]] Painted<Bitmap> paint(const ReceiptTree& tree) const;
    /// The same dots on a strip of paper, as a PNG; cuts are dashed lines.
    [[nodiscard]] Painted<Bytes> preview(const ReceiptTree& tree) const;
    /// One page as large as the paper, text as text, as a PDF.
    [[nodiscard]] Painted<Bytes> archive(const ReceiptTree& tree) const;

private:
    class Fonts;
    explicit ReceiptPainter(std::unique_ptr<Fonts> fonts);

    std::unique_ptr<Fonts> m_fonts;
};

} // namespace guichet::receipt
