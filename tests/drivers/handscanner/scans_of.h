// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "drivers/handscanner/scan_decoder.h"

namespace guichet::test {

/// What has come out; a damaged scan as "!" and what is said of it.
inline std::vector<std::string> scansOf(handscanner::ScanDecoder& decoder)
{
    std::vector<std::string> all;
    while (const auto scan = decoder.scans().next()) {
        all.push_back(*scan ? **scan : "!" + scan->error().detail);
    }
    return all;
}

} // namespace guichet::test
