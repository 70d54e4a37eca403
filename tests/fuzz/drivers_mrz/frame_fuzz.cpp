// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "drivers/mrz/agreement.h"
#include "drivers/mrz/frame_reader.h"

using namespace guichet;
using namespace guichet::mrz;

namespace {

constexpr int kWidest = 400, kHighest = 200; ///< larger pictures only take longer

} // namespace

/// The first two bytes are a size, the rest are pixels, repeated until they fill it. Whatever they
/// show: a candidate is of letters, its facts are figures, and nothing is accepted from one look.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const MrzFrameReader reader;
    if (size < 3) {
        return 0;
    }
    const int width = 40 + data[0] * (kWidest - 40) / 255;
    const int height = 40 + data[1] * (kHighest - 40) / 255;
    std::vector<std::byte> pixels(static_cast<std::size_t>(width) *
                                  static_cast<std::size_t>(height));
    for (std::size_t at = 0; at < pixels.size(); ++at) {
        pixels[at] = static_cast<std::byte>(data[2 + at % (size - 2)]);
    }
    auto reading = reader.read({pixels, width, height, width});
    if (!reading || !reading->candidate) {
        return 0;
    }
    const auto& facts = reading->facts;
    const auto zone =
        parseMrz(reading->candidate->text.reveal(), std::chrono::year(2026) / 11 / 26);
    if (!zone || !(facts.pitch > 0) || !(facts.glare >= 0 && facts.glare <= 1) ||
        MrzAgreement().see(std::move(*reading->candidate))) {
        std::abort();
    }
    return 0;
}
