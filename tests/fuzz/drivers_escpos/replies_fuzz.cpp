// SPDX-License-Identifier: Apache-2.0
// The printer's answers, from any bytes, in two pieces and in one.
#include <cstdlib>
#include <variant>

#include "drivers/escpos/escpos_protocol.h"

using namespace guichet;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    escpos::ReplyTokenizer whole, pieces;
    (void)whole.feed(bytes);
    (void)pieces.feed(bytes.first(size / 2));
    (void)pieces.feed(bytes.subspan(size / 2));
    if (pieces.pending() != whole.pending() || whole.pending() > 128) {
        std::abort();
    }
    escpos::ReplyTokenizer kiosk(true);
    for (const auto& reply : kiosk.feed(bytes)) {
        if (const auto* status = std::get_if<escpos::TicketStatus>(&reply)) {
            (void)escpos::paperAtOutlet(*status);
        }
    }
    (void)escpos::mostAnswers(bytes);
    for (const auto byte : bytes) {
        for (const auto page : escpos::kStatusPages) {
            (void)escpos::decodeStatus(page, byte);
        }
    }
    return 0;
}
