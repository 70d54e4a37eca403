// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/aim_identifier.h"

namespace guichet::handscanner {

IdentifiedScan partAimIdentifier(std::string_view scan)
{
    constexpr std::size_t kLength = 3;
    const auto between = [](char each, char low, char high) { return each >= low && each <= high; };
    if (scan.size() < kLength || scan[0] != ']' ||
        !(between(scan[1], 'A', 'Z') || between(scan[1], 'a', 'z')) ||
        !(between(scan[2], '0', '9') || between(scan[2], 'A', 'Z') || between(scan[2], 'a', 'z'))) {
        return {{}, scan};
    }
    return {scan.substr(0, kLength), scan.substr(kLength)};
}

} // namespace guichet::handscanner
