// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/api/body.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    guichet::queue::api::Body body({reinterpret_cast<const char*>(data), size});
    const auto service = body.text("service", 64);
    const auto reason = body.optionalText("reason", 200);
    const auto after = body.number("after", 0, 1000);
    if (!body.refused() && (service.empty() || service.size() > 64 || after < 0 || after > 1000)) {
        std::abort();
    }
    if (reason && (reason->empty() || reason->size() > 200)) {
        std::abort();
    }
    return 0;
}
