// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "drivers/residentid/sdt_protocol.h"

using namespace guichet;
using namespace guichet::residentid;

namespace {

std::vector<SdtStatus> answersIn(ByteView bytes, std::size_t step)
{
    SdtDecoder decoder;
    std::vector<SdtStatus> answers;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.subspan(at, std::min(step, bytes.size() - at)));
        while (const auto answer = decoder.next()) {
            if (*answer) {
                answers.push_back((*answer)->status);
                static_cast<void>(parseCardContent((*answer)->data.reveal()));
                static_cast<void>(parseSamNumber((*answer)->data.reveal()));
            }
        }
    }
    return answers;
}

} // namespace

/// Whole or byte by byte, the same answers come out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    if (answersIn(bytes, 1) != answersIn(bytes, size == 0 ? 1 : size)) {
        std::abort();
    }
    return 0;
}
