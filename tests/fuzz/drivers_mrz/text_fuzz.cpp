// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/mrz/mrz_text.h"

using namespace guichet::mrz;

/// What is accepted has a document code, and days that can be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto mrz = parseMrz(text, std::chrono::year(2026) / 11 / 26);
    if (mrz) {
        const auto possible = [](const std::optional<PartialDate>& date) {
            return !date || (date->month.value_or(1) - 1 < 12 && date->day.value_or(1) - 1 < 31);
        };
        if (mrz->documentCode.empty() || !possible(mrz->birth) || !possible(mrz->expiry)) {
            std::abort();
        }
        static_cast<void>(mrz->sound());
    }
    return 0;
}
