// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cloudbranch/guided/recording.h"

using namespace guichet::guided;

/// A script is refused with a reason, or is the same when it is written down and read again, and a
/// recording can begin with it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto script = parseScript({reinterpret_cast<const char*>(data), size});
    if (!script) {
        return script.error().detail.empty() ? (std::abort(), 0) : 0;
    }
    if (parseScript(document(*script).dump()).value_or(Script()) != *script) {
        std::abort();
    }
    const auto begun = Recording::begin(*script, {"s", script->product.qualifications},
                                        script->languages.front(), true);
    if (!begun || picture(*begun).empty()) {
        std::abort();
    }
    return 0;
}
