// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloudbranch/server/assists/turn_credentials.h"
#include "cloudbranch/server/evidence/case_record.h"
#include "cloudbranch/server/evidence/evidence_api.h"

using namespace guichet;

/// What a terminal or an auditor may send: a part of a track, a Range, heads behind heads, and the
/// address of a relay in an outlet's file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto link = hub::linkBehind("case-1", "log", 0, asBytes(text));
    if (link && link->size() != 2 * evidence::kLink) {
        std::abort();
    }
    const auto later = hub::linkBehind("case-1", "log", 1, asBytes(text));
    if (later && later->size() != 2 * evidence::kLink) {
        std::abort();
    }
    if (const auto range = hub::rangeIn(text, 1000);
        range && (range->first > range->second || range->second >= 1000)) {
        std::abort();
    }
    const auto line = text.find('\n');
    const auto first = evidence::parseManifest(text.substr(0, line));
    const auto second =
        line == std::string_view::npos ? first : evidence::parseManifest(text.substr(line + 1));
    if (first && second && hub::follows(first->heads, second->heads) &&
        second->heads.at < first->heads.at) {
        std::abort();
    }
    if (hub::isTurnUrl(text) && text.find_first_of(" \n\"@/") != std::string_view::npos) {
        std::abort();
    }
    return 0;
}
