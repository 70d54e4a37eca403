// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <span>

#include "peripherals/frames/ring_layout.h"

using namespace guichet;
using namespace guichet::frames;

/// The start of a ring, then the header of a slot, in a memory of 64 KiB.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kMapped = 64 * 1024;
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto start = bytes.first(std::min(size, kLatestOffset));
    const auto shape = decodeRing(start, kMapped);
    if (!shape) {
        return 0;
    }
    const auto info = decodeSlot(bytes.subspan(start.size()), *shape);
    if (!info) {
        return 0;
    }
    const auto end = slotOffset(*shape, info->sequence) + kSlotHeaderBytes + bytesFor(*info);
    if (end > kMapped) {
        std::abort(); // a reader would copy what is not there
    }
    return 0;
}
