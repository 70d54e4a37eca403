// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/trimmed.h"

namespace guichet {

std::string_view trimmed(std::string_view text, std::string_view blank)
{
    const auto first = text.find_first_not_of(blank);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

} // namespace guichet
