// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/api/base45.h"
#include "queue/api/tokens.h"
#include "queue/domain/check_in_number.h"
#include "queue/domain/opening_hours.h"

/// What a terminal shows to the hub, and what an outlet's file says. No text but the one that the
/// key makes is a code; base45 reads back what it wrote.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace guichet::queue;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const api::VisitTokens tokens{guichet::Secret<guichet::Bytes>(guichet::Bytes(32))};
    if (const auto visit = tokens.visitOfCode(text)) {
        const auto page = text.rfind("/t/");
        const bool own = page == std::string_view::npos
                             ? tokens.makeCode(*visit) == text
                             : tokens.make(*visit) == text.substr(page + 3);
        if (!own) {
            std::abort();
        }
    }
    if (const auto bytes = api::fromBase45(text); bytes && api::toBase45(*bytes) != text) {
        std::abort();
    }
    if (domain::isCheckInNumber(text) && text.size() != 10) {
        std::abort();
    }
    if (const auto span = domain::spanFromText(text); span && span->from >= span->to) {
        std::abort();
    }
    if (const auto date = domain::dateFromText(text); date && domain::dateText(*date) != text) {
        std::abort();
    }
    return 0;
}
