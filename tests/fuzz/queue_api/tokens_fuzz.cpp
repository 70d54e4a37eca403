// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/api/tokens.h"

/// No text but the one that the key makes is a token of a visit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const guichet::queue::api::VisitTokens tokens{
        guichet::Secret<guichet::Bytes>(guichet::Bytes(32))};
    if (const auto visit = tokens.visitOf(text); visit && tokens.make(*visit) != text) {
        std::abort();
    }
    if (const auto token = tokens.make(text); !token.empty() && tokens.visitOf(token) != text) {
        std::abort();
    }
    return 0;
}
