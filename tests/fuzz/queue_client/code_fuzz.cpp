// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/domain/enrol_code.h"

/// A code that is read is the one that is shown for it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace guichet::queue;
    const auto code = parseEnrolCode({reinterpret_cast<const char*>(data), size});
    if (!code) {
        return 0;
    }
    const auto again = parseEnrolCode(enrolCodeText(*code));
    if (!again || again->secret != code->secret || again->authority != code->authority ||
        code->secret.size() != EnrolCode::kSecretBytes ||
        code->authority.size() != EnrolCode::kAuthorityBytes) {
        std::abort();
    }
    return 0;
}
