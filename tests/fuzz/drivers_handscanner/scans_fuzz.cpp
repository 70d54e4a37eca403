// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "drivers/handscanner/aim_identifier.h"
#include "drivers/handscanner/key_decoder.h"
#include "drivers/handscanner/line_decoder.h"

using namespace guichet;
using namespace guichet::handscanner;

namespace {

template <typename Decoder>
std::vector<std::string> scansIn(Decoder decoder, ByteView bytes, std::size_t step)
{
    std::vector<std::string> scans;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.subspan(at, std::min(step, bytes.size() - at)));
        while (const auto scan = decoder.scans().next()) {
            scans.push_back(*scan ? **scan : scan->error().detail);
            const auto parts = partAimIdentifier(scans.back());
            const bool whole =
                parts.identifier.size() + parts.content.size() == scans.back().size();
            if (!whole || scans.back().empty() || scans.back().size() > kLongestScan) {
                std::abort();
            }
        }
    }
    return scans;
}

template <typename Decoder> void compare(const Decoder& decoder, ByteView bytes)
{
    if (scansIn(decoder, bytes, 1) != scansIn(decoder, bytes, bytes.size())) {
        std::abort();
    }
}

} // namespace

/// Whole or byte by byte, the same scans come out, none empty or too long. The first byte chooses
/// what kind of scanner it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    const ByteView bytes(reinterpret_cast<const std::byte*>(data + 1), size - 1);
    switch (data[0] % 4) {
    case 0:
        compare(LineDecoder(Ending::Cr), bytes);
        break;
    case 1:
        compare(LineDecoder(Ending::Lf), bytes);
        break;
    case 2:
        compare(LineDecoder(Ending::CrLf), bytes);
        break;
    default:
        compare(KeyDecoder(), bytes);
        break;
    }
    return 0;
}
