// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"

namespace guichet::test {

/// Bytes from hexadecimal with blanks wherever they help the eye; throws on anything else.
inline Bytes bytes(std::string_view text)
{
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c != ' '; });
    auto parsed = fromHex(digits);
    if (!parsed) {
        throw std::invalid_argument("not hexadecimal: " + digits);
    }
    return *parsed;
}

} // namespace guichet::test
