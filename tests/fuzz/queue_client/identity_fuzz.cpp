// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "queue/client/terminal_identity.h"

/// An identity that is accepted is whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto identity =
        guichet::queue::parseIdentity({reinterpret_cast<const char*>(data), size});
    if (identity && (identity->name.empty() || identity->hub.empty() || identity->branch.empty())) {
        std::abort();
    }
    return 0;
}
