// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "peripherals/net/event_codec.h"

using namespace guichet::net;

/// Whatever is sent as data comes out as one event with the same lines.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    EventParser parser(4096);
    (void)parser.feed(text);
    EventParser other(SIZE_MAX);
    const auto events = other.feed(encodeEvent(text, text, text));
    if (!events || events->size() != 1) {
        std::abort();
    }
    return 0;
}
