// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace guichet {

/// Of a field in a machine readable zone: 7, 3, 1 times the values of digits, letters and fillers,
/// modulo 10 (ICAO Doc 9303-3, 4.9). Nothing for a character that no zone has.
[[nodiscard]] std::optional<char> zoneCheckDigit(std::string_view field);

} // namespace guichet
