// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/receipt/source_text.h"
#include "peripherals/classes/printer.h"

/// ReceiptLine, the open text language for receipts, by our own parser. Pure.
/// Left out: {command:}, which would let a template speak to the printer in its own bytes.
/// Added: {x-minheight:MM}, {x-cut:partial|full}, {x-present:MM}, {x-shrink:on|off}.
namespace guichet::receipt {

enum class Align { Left, Centre, Right };

/// Text of one look. '\n' breaks the line inside a column.
struct Span {
    std::string text;
    bool bold = false, underline = false, inverted = false;
    int wide = 1, high = 1; ///< times the normal size, 1 to 6

    [[nodiscard]] bool operator==(const Span&) const = default;
};

struct Column {
    Align align = Align::Centre;
    std::vector<Span> spans;

    [[nodiscard]] bool operator==(const Column&) const = default;
};

/// How columns are set, as the property lines above them say.
struct Settings {
    /// In cells; nothing: a share of what is left. Empty: any number of columns shares the paper.
    std::vector<std::optional<int>> widths;
    bool ruled = false;          ///< {border:line}: rules around and between the columns
    int gap = 1;                 ///< cells between columns
    bool wrap = true;            ///< else what is too long is cut off
    bool shrink = false;         ///< enlarged text that is too long for one line is set smaller
    Align align = Align::Centre; ///< of columns that do not fill the paper

    [[nodiscard]] bool operator==(const Settings&) const = default;
};

struct TextRow {
    std::vector<Column> columns;
    Settings settings;
};
struct Rule {
    Settings settings;
};
struct Cut {};
struct Code {
    enum class Kind { Qr, Code128 };
    enum class Correction { L, M, Q, H };

    std::string data;
    Align align = Align::Centre;
    Kind kind = Kind::Code128;
    int module = 3; ///< dots, of QR 3 to 8, of Code 128 2 to 4
    Correction correction = Correction::L;
    int height = 72;       ///< dots, of Code 128
    bool readable = false; ///< the text below it
    bool shrink = false;   ///< smaller modules if it is wider than the paper
};
struct Image {
    std::string png; ///< the file's bytes, not yet looked at
    Align align = Align::Centre;
};

struct Element {
    std::variant<TextRow, Rule, Cut, Code, Image> content;
    Position at;
};

struct Receipt {
    std::vector<Element> elements;
    CutKind cut = CutKind::Usual;
    int minHeightMm = 0;
    std::optional<int> presentMm;
};

/// Parses a whole document. Errc::Invalid names line and column, what was seen and what was
/// wanted. At most 1000 lines of 32 columns.
[[nodiscard]] Result<Receipt> parseReceipt(const SourceText& source);

} // namespace guichet::receipt
