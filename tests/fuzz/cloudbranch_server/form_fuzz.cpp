// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cloudbranch/server/form.h"
#include "cloudbranch/server/words.h"

using namespace guichet::hub;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto form = parseForm(text)) {
        for (const auto& [name, value] : *form) {
            if (name.empty() || numberIn(*form, name) < 0) {
                std::abort();
            }
        }
    }
    const auto language = pageLanguage({}, text);
    if (language != "zh-CN" && language != "en") {
        std::abort();
    }
    return 0;
}
