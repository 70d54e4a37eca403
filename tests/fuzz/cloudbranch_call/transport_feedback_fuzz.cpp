// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "cloudbranch/call/transport_feedback.h"

using namespace guichet;

/// What was told without losses has none, and is whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto told = call::withoutLosses(std::as_bytes(std::span(data, size)));
    if (told && (told->size() % 4 != 0 || call::withoutLosses(*told) != told)) {
        std::abort();
    }
    return 0;
}
