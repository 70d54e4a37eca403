// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "drivers/receipt/receipt_text.h"

namespace guichet::receipt {

inline constexpr std::size_t kMostColumns = 32; ///< of one line

/// Takes the property lines of a document one after the other: what they set holds from there on,
/// what they draw is returned. Pure.
class PropertyReader {
public:
    /// `{key:value;key:value}` between those bytes of the document. Errc::Invalid as parseReceipt.
    [[nodiscard]] Result<std::vector<Element>> take(const SourceText& source, std::size_t begin,
                                                    std::size_t end, Align align);

    Settings settings;
    CutKind cut = CutKind::Usual;
    int minHeightMm = 0;
    std::optional<int> presentMm;

private:
    struct Member;
    [[nodiscard]] Result<void> apply(const Member& member, std::vector<Element>& made, Align align);
    [[nodiscard]] Result<void> setWidths(const Member& member);
    [[nodiscard]] Result<void> setBorder(const Member& member);
    [[nodiscard]] Result<void> setOption(const Member& member);

    Code m_code; ///< what {option:} says holds for the codes that follow
};

} // namespace guichet::receipt
