// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "peripherals/base/sealing.h"

/// Nothing that was not sealed to this key of the moment opens.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto own = guichet::OpeningKey::generate().value();
    if (own.open({reinterpret_cast<const char*>(data), size})) {
        std::abort();
    }
    return 0;
}
