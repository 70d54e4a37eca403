// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"

/// Text that remembers where in a template each part of it stands. Pure.
namespace guichet::receipt {

/// Both from 1; columns are characters.
struct Position {
    int line = 1;
    int column = 1;

    [[nodiscard]] bool operator==(const Position&) const = default;
};

/// Where the character at that byte stands in a text.
[[nodiscard]] Position positionAt(std::string_view text, std::size_t offset);

class SourceText {
public:
    SourceText() = default;
    /// A text that is its own template.
    explicit SourceText(std::string text);

    /// An empty text made from that template.
    [[nodiscard]] static SourceText from(std::string_view whole);

    /// Adds these bytes of the template as they are.
    void addLiteral(std::size_t begin, std::size_t end);
    /// Adds what was put in for something at that byte of the template.
    void addValue(std::string_view text, std::size_t at);

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] Position position(std::size_t offset) const;

private:
    struct Part {
        std::size_t begin; ///< in the text
        std::size_t from;  ///< in the template
        bool literal;
    };

    std::string m_template, m_text;
    std::vector<Part> m_parts;
};

/// "line 3, column 14: {width:x}, want a number of cells or *". Errc::Invalid with CallStaff.
[[nodiscard]] tl::unexpected<Error> failAt(Position at, std::string_view seen,
                                           std::string_view wanted);

/// The beginning of a text for an error: printable, at most 40 characters, in quotes.
[[nodiscard]] std::string inQuotes(std::string_view text);

} // namespace guichet::receipt
