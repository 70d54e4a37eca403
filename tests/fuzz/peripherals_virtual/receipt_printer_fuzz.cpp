// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "peripherals/virtual/receipt_printer.h"

using namespace guichet;
using namespace guichet::virtualdevices;

/// Any bytes at all: the printer keeps its limits and never stops taking.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ReceiptPrinter printer(std::make_unique<BoxGlyphs>());
    printer.fitPresenter(size % 2 == 1);
    printer.receive(std::as_bytes(std::span(data, size)));
    printer.work();
    if (printer.sensors().ready() && printer.waiting() != 0) {
        std::abort();
    }
    for (const auto& paper : printer.takePaper()) {
        if (paper.picture.width() != ReceiptPrinter::kWidth) {
            std::abort();
        }
    }
    return 0;
}
