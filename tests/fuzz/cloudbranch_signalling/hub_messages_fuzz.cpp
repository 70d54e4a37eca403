// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cloudbranch/signalling/hub_message.h"

using namespace guichet::signalling;

/// What a seat says is read alike whether it comes alone or in the record of the case.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto message = parseHubMessage(text);
    const auto* signal = message ? std::get_if<Signal>(&*message) : nullptr;
    if (signal == nullptr) {
        return 0;
    }
    const nlohmann::json entry{
        {"by", "somebody"}, {"type", name(signal->type)}, {"body", signal->body}};
    const auto record = parseHubMessage(
        nlohmann::json{{"type", "entries"}, {"entries", nlohmann::json::array({entry})}}.dump());
    const auto* lines = record ? std::get_if<std::vector<CaseLine>>(&*record) : nullptr;
    if (lines == nullptr || lines->size() != 1 || lines->front().own ||
        lines->front().signal.type != signal->type || lines->front().signal.body != signal->body) {
        std::abort();
    }
    return 0;
}
