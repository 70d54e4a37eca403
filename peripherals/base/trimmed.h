// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace guichet {

/// `text` without the signs of `blank` at both ends. Borrows the text.
[[nodiscard]] std::string_view trimmed(std::string_view text, std::string_view blank = " \t");

} // namespace guichet
