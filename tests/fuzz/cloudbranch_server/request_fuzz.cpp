// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cloudbranch/server/certificate_request.h"
#include "peripherals/base/bytes.h"

/// The text as it comes, and the bytes wrapped as a terminal would: what is accepted is a P-256
/// key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto wrapped = "-----BEGIN CERTIFICATE REQUEST-----\n" +
                         guichet::toBase64(guichet::asBytes(text)) +
                         "\n-----END CERTIFICATE REQUEST-----\n";
    for (const auto pem : {text, std::string_view(wrapped)}) {
        const auto key = guichet::hub::requestedKey(pem);
        if (key && (EVP_PKEY_is_a(key->get(), "EC") != 1 || EVP_PKEY_get_bits(key->get()) != 256)) {
            std::abort();
        }
    }
    return 0;
}
