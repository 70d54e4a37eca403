// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/zone_check_digit.h"

#include <array>

namespace guichet {

namespace {

std::optional<int> valueOf(char letter)
{
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    if (letter >= 'A' && letter <= 'Z') {
        return letter - 'A' + 10;
    }
    return letter == '<' ? std::optional(0) : std::nullopt;
}

} // namespace

std::optional<char> zoneCheckDigit(std::string_view field)
{
    constexpr std::array kWeights{7, 3, 1};
    int sum = 0;
    for (std::size_t at = 0; at < field.size(); ++at) {
        const auto value = valueOf(field[at]);
        if (!value) {
            return std::nullopt;
        }
        sum += *value * kWeights[at % kWeights.size()];
    }
    return static_cast<char>('0' + sum % 10);
}

} // namespace guichet
