// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "drivers/residentid/identity_text.h"

using namespace guichet;
using namespace guichet::residentid;

/// What is accepted has a name, a number and real days; anything may stand in an address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    const auto identity = parseIdentityText(bytes);
    if (identity &&
        (identity->number.empty() || (identity->name.empty() && identity->englishName.empty()) ||
         (identity->birth && !identity->birth->ok()))) {
        std::abort();
    }
    static_cast<void>(parseNewAddress(bytes));
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto number = parseResidentNumber(text);
    if (number && (number->text.reveal().size() != 18 || !number->birth.ok())) {
        std::abort();
    }
    static_cast<void>(ethnicGroupName(text));
    return 0;
}
