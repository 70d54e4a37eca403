// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloudbranch/server/web_push.h"

/// What is accepted as a browser's subscription can be written to.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto receiver = guichet::hub::parseSubscription(text);
    if (receiver && (guichet::hub::originOf(receiver->endpoint).empty() ||
                     !guichet::hub::encryptPush(*receiver, "A012"))) {
        std::abort();
    }
    return 0;
}
