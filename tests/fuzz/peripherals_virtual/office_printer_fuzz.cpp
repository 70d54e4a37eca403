// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "peripherals/virtual/office_printer.h"

using namespace guichet;
using namespace guichet::virtualdevices;

/// Any bytes as a request: an answer with a header, or a refusal, and no more than it remembers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static OfficePrinter printer("ipp://127.0.0.1/ipp/print");
    static auto now = std::chrono::steady_clock::now();
    now += std::chrono::milliseconds(100);
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto answer = printer.answer(bytes, now);
    if (answer && answer->size() < 9) {
        std::abort();
    }
    if (printer.state(now).jobs.size() > 100 || pagesOf(bytes) < 1) {
        std::abort();
    }
    return 0;
}
