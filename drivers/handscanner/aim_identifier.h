// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace guichet::handscanner {

struct IdentifiedScan {
    std::string_view identifier; ///< "]Q1"; empty: none
    std::string_view content;
};

/// Parts the AIM symbology identifier (ISO/IEC 15424: "]", a letter of the symbology, a modifier)
/// from what a scanner sent that is set to send it. Borrows the text.
[[nodiscard]] IdentifiedScan partAimIdentifier(std::string_view scan);

} // namespace guichet::handscanner
