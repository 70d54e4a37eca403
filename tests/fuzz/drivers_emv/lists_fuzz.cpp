// SPDX-License-Identifier: Apache-2.0
// Data object lists and file locators, from any bytes.
#include <cstdlib>

#include "drivers/emv/application.h"

using namespace guichet;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    using namespace std::chrono_literals;
    const auto bytes = std::as_bytes(std::span(data, size));
    (void)emv::parseAfl(bytes);
    if (const auto list = emv::parseDol(bytes)) {
        const auto values =
            emv::buildDolData(*list, emv::terminalValues(2026y / 11 / 24, Bytes(4)));
        if (emv::getProcessingOptions(values).size() > 261) {
            std::abort();
        }
    }
    return 0;
}
