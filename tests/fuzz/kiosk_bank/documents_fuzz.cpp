// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "kiosk/bank/bank_documents.h"

/// Whatever the bank, a kiosk, or whoever answers for them, sends: a value that keeps its promise
/// and says the same once more, or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace guichet::bank;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const std::string handle = "0b0c7d3e-5a5f-4f6e-9d43-3d1f2f7a9c11";
    static_cast<void>(decodeIdentity(body));
    static_cast<void>(decodeReceipt(body));
    static_cast<void>(decodeRefusal(body));
    const auto change = decodeChange(body, handle);
    if (change && (!isMobileNumber(change->newPhone) ||
                   decodeChange(encode(*change), handle)->evidence != change->evidence)) {
        std::abort();
    }
    const auto content = decodeEvidence(body, handle);
    if (content && decodeEvidence(encode(*content), handle)->data != content->data) {
        std::abort();
    }
    const auto customer = decodeCustomer(body);
    if (customer && !isUuid(customer->id)) {
        std::abort();
    }
    return 0;
}
