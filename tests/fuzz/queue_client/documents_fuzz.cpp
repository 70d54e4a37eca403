// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/client/decode.h"

/// Whatever the hub, or whoever answers for it, sends: a value that keeps its promise, or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace guichet::queue;
    const std::string_view json(reinterpret_cast<const char*>(data), size);
    static_cast<void>(decodeBranch(json));
    static_cast<void>(decodeQueue(json));
    static_cast<void>(decodeVisit(json));
    static_cast<void>(decodeAssistId(json));
    const auto checkedIn = decodeCheckIn(json);
    const auto refused = decodeCheckInRefusal(json);
    if ((checkedIn && !checkedIn->visit && !checkedIn->form) || (refused && !refused->refusal)) {
        std::abort();
    }
    return 0;
}
