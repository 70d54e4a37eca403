// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloudbranch/evidence/manifest.h"

using namespace guichet::evidence;

/// What was accepted is the same when it is written down and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto manifest = parseManifest({reinterpret_cast<const char*>(data), size});
    if (manifest && parseManifest(manifestText(*manifest)) != *manifest) {
        std::abort();
    }
    return 0;
}
