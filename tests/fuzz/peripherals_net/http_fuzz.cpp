// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "peripherals/net/http_codec.h"

using namespace guichet::net;

/// A head that is taken must survive being written and read again, except for its framing fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto head = parseRequestHead(text)) {
        Request request{.method = head->request.method,
                        .path = head->request.path,
                        .query = head->request.query};
        if (const auto bytes = encodeRequest(request, "h")) {
            const auto again = parseRequestHead(*bytes);
            if (!again || again->request.path != request.path ||
                again->request.query != request.query) {
                std::abort();
            }
        }
    }
    (void)parseResponseHead(text, "GET");
    (void)parseUrl(text);
    ChunkedBody chunks(4096);
    std::string body;
    const auto used = chunks.feed(text, body);
    if ((used && *used > size) || body.size() > 4096) {
        std::abort();
    }
    return 0;
}
