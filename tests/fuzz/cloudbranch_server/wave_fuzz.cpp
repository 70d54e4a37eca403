// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cloudbranch/server/wave.h"

using namespace guichet::hub;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view wave(reinterpret_cast<const char*>(data), size);
    const auto samples = samplesOf(wave);
    const std::array twice{wave, wave};
    const auto both = joined(twice, std::chrono::milliseconds(1));
    if (samples.has_value() != both.has_value()) {
        std::abort();
    }
    if (both && samplesOf(*both)->size() != 2 * samples->size() + 32) {
        std::abort(); // a pause of a millisecond is 16 samples
    }
    return 0;
}
