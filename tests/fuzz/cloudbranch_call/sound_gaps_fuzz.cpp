// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "cloudbranch/call/sound_gaps.h"

using namespace guichet;

/// A gap is made up whole or not at all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto packet = std::as_bytes(std::span(data, size));
    call::SoundGaps gaps;
    gaps.lost(960);
    gaps.arrived(packet);
    if (gaps.concealed() != (call::carriesPrevious(packet) ? 0 : 960)) {
        std::abort();
    }
    return 0;
}
