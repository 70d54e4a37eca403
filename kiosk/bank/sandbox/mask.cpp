// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/sandbox/mask.h"

#include <algorithm>

namespace guichet::bank {

std::string maskedPhone(std::string_view digits)
{
    constexpr std::size_t kFirst = 3, kLast = 4;
    if (digits.size() <= kFirst + kLast) {
        return std::string(digits.size(), '*');
    }
    return std::string(digits.substr(0, kFirst)) +
           std::string(digits.size() - kFirst - kLast, '*') +
           std::string(digits.substr(digits.size() - kLast));
}

std::string maskedName(std::string_view name)
{
    const auto begins = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;
    };
    const auto characters = std::ranges::count_if(name, begins);
    auto last = name.size();
    while (last > 0 && !begins(name[last - 1])) {
        --last;
    }
    return std::string(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, characters - 1)), '*') +
           std::string(name.substr(last > 0 ? last - 1 : 0));
}

} // namespace guichet::bank
