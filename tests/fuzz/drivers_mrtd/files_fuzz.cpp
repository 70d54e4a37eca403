// SPDX-License-Identifier: Apache-2.0
// Every file of a travel document, from any bytes.
#include <cstdlib>

#include "drivers/mrtd/lds.h"
#include "drivers/mrtd/security_infos.h"
#include "drivers/mrtd/tlv.h"

using namespace guichet;
using namespace guichet::mrtd;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    constexpr std::size_t kMost = 500;
    const auto bytes = std::as_bytes(std::span(data, size));
    if (const auto objects = objectsIn(bytes)) {
        std::size_t total = 0;
        for (const auto& object : *objects) {
            total += object.whole.size();
        }
        if (total != size) {
            std::abort();
        }
    }
    if (const auto common = parseCommon(bytes); common && common->groups.size() > kDataGroups) {
        std::abort();
    }
    if (const auto mrz = parseMrz(bytes); mrz && mrz->reveal().size() > 90) {
        std::abort();
    }
    if (const auto face = parseFace(bytes, kMost); face && face->bytes.reveal().size() > kMost) {
        std::abort();
    }
    (void)parseDetails(bytes);
    (void)parseActiveKey(bytes);
    (void)parseSecurityInfos(bytes);
    (void)parseSecurityOptions(bytes);
    if (longestResponse(bytes) > 65'536) {
        std::abort();
    }
    return 0;
}
