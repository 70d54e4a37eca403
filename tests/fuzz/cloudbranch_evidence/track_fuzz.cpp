// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cloudbranch/evidence/track_check.h"

using namespace guichet;
using namespace guichet::evidence;

namespace {

/// The auditor's key of the seeds in tests/data/evidence_track, made for them alone.
const OpeningKey& auditor()
{
    static const auto key = OpeningKey::fromPem(Secret<std::string>(
        std::string("-----BEGIN PRIVATE KEY-----\n"
                    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgG4MmuwU+JGNrTTDg\n"
                    "fnEJogAgrLnKkY5JeAOnGoxyL8ShRANCAATxmDve17z+j3mrSdO2qA+x4/vp/WKq\n"
                    "NgohmrXJGUC4Qlx5WruMr9y1EQbe+Q7skIeCXdTRerRbEG7mkIqAJRf6\n"
                    "-----END PRIVATE KEY-----\n")));
    if (!key) {
        std::abort();
    }
    return *key;
}

} // namespace

/// Whatever the bytes are, with the key and without it: no more is read than there is, and each
/// position that is told lies in the file, behind the one before it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto file = std::as_bytes(std::span(data, size));
    const OpeningKey* const keys[] = {nullptr, &auditor()};
    for (const auto* key : keys) {
        auto rest = file;
        std::uint64_t told = 0;
        const auto report = checkTrack(
            [&rest](std::span<std::byte> buffer) -> Result<std::size_t> {
                const auto count = std::min(buffer.size(), rest.size());
                std::copy_n(rest.begin(), count, buffer.begin());
                rest = rest.subspan(count);
                return count;
            },
            {.key = key,
             .onContent =
                 [](const ChunkHead& head, ByteView content) {
                     if (content.size() != head.length || content.size() > kLargestContent) {
                         std::abort();
                     }
                     return Result<void>();
                 },
             .onPosition =
                 [&told, size](const TrackHead& position) {
                     if (position.bytes <= told || position.bytes > size) {
                         std::abort();
                     }
                     told = position.bytes;
                 }});
        if (!report || report->bytes > size ||
            (report->verdict == Verdict::Changed) != (report->faultCount > 0) ||
            (report->verdict == Verdict::Whole && told != size)) {
            std::abort();
        }
    }
    return 0;
}
