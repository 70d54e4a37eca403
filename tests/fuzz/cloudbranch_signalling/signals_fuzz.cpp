// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloudbranch/signalling/signal_message.h"

using namespace guichet::signalling;

/// What was accepted is accepted again when it is written down, and never from the other role alone
/// unless both may say it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto role : {Role::Terminal, Role::Seat}) {
        const auto signal = parseSignal(text, role);
        if (!signal) {
            continue;
        }
        auto again = signal->body;
        again["type"] = name(signal->type);
        if (!signal->assist.empty()) {
            again["assist"] = signal->assist;
        }
        const auto twin = parseSignal(again.dump(), role);
        if (!twin || twin->type != signal->type || twin->body != signal->body) {
            std::abort();
        }
    }
    return 0;
}
