// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "drivers/receipt/receipt_tree.h"

using namespace guichet;
using namespace guichet::receipt;

/// Nothing of a receipt that is set stands beside its paper; a refusal says where.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr int kWidth = 384;
    const auto receipt =
        parseReceipt(SourceText(std::string(reinterpret_cast<const char*>(data), size)));
    if (!receipt) {
        if (receipt.error().detail.find("line ") != 0) {
            std::abort();
        }
        return 0;
    }
    const auto tree = setReceipt(*receipt, kWidth);
    if (!tree) {
        return 0;
    }
    for (const auto& block : tree->blocks) {
        if (block.x < 0 || block.y < 0 || block.width < 0 || block.x + block.width > kWidth ||
            block.y + block.height > tree->height) {
            std::abort();
        }
    }
    return 0;
}
