// SPDX-License-Identifier: Apache-2.0
// Objects, card numbers, track 2 and expiry, from any bytes.
#include "drivers/emv/application.h"
#include "drivers/emv/card_number.h"

using namespace guichet;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    (void)emv::parseCardNumber(bytes);
    (void)emv::parseTrack2(bytes);
    (void)emv::parseExpiry(bytes);
    if (const auto objects = emv::parseTlv(bytes)) {
        (void)emv::candidates(*objects);
        (void)emv::fileLocator(*objects);
        (void)emv::labelOf(*objects, "card");
    }
    return 0;
}
