// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "drivers/mrz/mrz_text.h"

/// Is the zone in the chip the one that is printed? Pure.
namespace guichet::mrz {

/// The fields that differ, in the words of ICAO 9303, each once; "check digits or fillers" if
/// nothing else does. Empty: the texts are the same sign for sign. Both are as parseMrz takes them.
[[nodiscard]] std::vector<std::string_view> differences(std::string_view one,
                                                        std::string_view other);

} // namespace guichet::mrz
