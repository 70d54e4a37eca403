// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cloudbranch/evidence/attachment.h"

using namespace guichet;
using namespace guichet::evidence;

/// Whatever a track holds, in chunks of whatever size: what is handed on is as long as its head
/// says, within bounds, and has its hash. A line of the log is no mention, or one that is legal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    auto rest = std::as_bytes(std::span(data, size));
    if (const auto which = mentionIn(asText(rest)); which && !isAttachmentTrack(which->track)) {
        std::abort();
    }
    AttachmentReader reader([](const AttachmentHead& head, ByteView content) {
        if (content.size() != head.bytes || content.size() > kLargestAttachment ||
            sha256Of(content) != head.sha256) {
            std::abort();
        }
        return Result<void>();
    });
    const auto chunk = size == 0 ? std::size_t{1} : std::size_t{data[0]} + 1;
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
        const auto part = rest.first(std::min(chunk, rest.size()));
        if (!reader.take(number, part)) {
            std::abort();
        }
        rest = rest.subspan(part.size());
    }
    return 0;
}
