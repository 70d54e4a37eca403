// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "drivers/receipt/receipt_template.h"
#include "drivers/receipt/receipt_text.h"

using namespace guichet;
using namespace guichet::receipt;

namespace {

/// A value that was put in is one text again, whatever it is made of.
void checkEscaping(std::string_view value)
{
    const auto receipt = parseReceipt(SourceText("x" + escaped(value)));
    if (!receipt || receipt->elements.size() != 1) {
        std::abort();
    }
    const auto* row = std::get_if<TextRow>(&receipt->elements[0].content);
    if (row == nullptr || row->columns.size() != 1 || row->columns[0].spans.size() != 1) {
        std::abort();
    }
    std::string want = "x";
    std::copy_if(value.begin(), value.end(), std::back_inserter(want), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return c == '\n' || (code >= 0x20 && code != 0x7F);
    });
    if (row->columns[0].spans[0].text != want) {
        std::abort();
    }
}

} // namespace

/// The first half is a template, the second a value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto value = bytes.substr(size / 2);
    checkEscaping(value);
    static const nlohmann::json kRest = {
        {"n", 3}, {"flag", true}, {"list", {1, 2}}, {"group", {{"list", {"a", "b"}}}}};
    auto values = kRest;
    values["v"] = std::string(value);
    const auto filled = fillIn(bytes.substr(0, size / 2), values,
                               [&](std::string_view) { return std::string(value); });
    if (filled) {
        static_cast<void>(parseReceipt(*filled));
    }
    return 0;
}
