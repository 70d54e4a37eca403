// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "peripherals/net/websocket_codec.h"

using namespace guichet::net;

/// What comes in one piece and what comes byte by byte must be the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const bool masked = (data[0] & 1U) != 0;
    const std::string_view wire(reinterpret_cast<const char*>(data + 1), size - 1);
    FrameReader whole(masked, 4096);
    FrameReader pieces(masked, 4096);
    const auto messages = whole.feed(wire);
    std::size_t count = 0;
    bool faulty = false;
    for (std::size_t at = 0; at < wire.size() && !faulty; ++at) {
        const auto some = pieces.feed(wire.substr(at, 1));
        faulty = !some;
        count += some ? some->size() : 0;
    }
    if (faulty == messages.has_value() || (messages && messages->size() != count)) {
        std::abort();
    }
    return 0;
}
