// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloudbranch/call/control_message.h"
#include "cloudbranch/call/ice_server.h"

using namespace guichet::call;

/// A line is refused with a reason or is a command that was named; its servers' addresses never
/// hold what would end a URI early.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = parseControlLine(text);
    if (line.command ? line.of.empty() : line.command.error().detail.empty()) {
        std::abort();
    }
    if (!line.command || !std::holds_alternative<Connect>(*line.command)) {
        return 0;
    }
    for (const auto& server : std::get<Connect>(*line.command).servers) {
        for (const auto& url : server.urls) {
            const auto uri = iceUri(url, server.username, server.credential);
            if (uri && uri->uri.find_first_of(" \"'\\#\n") != std::string::npos) {
                std::abort();
            }
        }
    }
    return 0;
}
