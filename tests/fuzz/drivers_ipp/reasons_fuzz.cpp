// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/ipp/printer_reasons.h"

using namespace guichet;

/// Whatever a printer says, what blocks has a remedy, and what is logged is printable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto reason =
        ipp::parseReason(std::string_view(reinterpret_cast<const char*>(data), size));
    const bool printable = std::all_of(reason.keyword.begin(), reason.keyword.end(),
                                       [](char c) { return c > ' ' && c <= '~'; });
    if (!printable || reason.keyword.size() > 127 || name(reason.condition).empty() ||
        (reason.blocks() && remedyFor(reason.condition) == Remedy::None)) {
        std::abort();
    }
    return 0;
}
