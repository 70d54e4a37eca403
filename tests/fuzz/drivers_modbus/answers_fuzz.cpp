// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "drivers/modbus/modbus_protocol.h"

using namespace guichet;
using namespace guichet::modbus;

/// The first byte says what was asked; the rest is what came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) {
        return 0;
    }
    const auto framing = (data[0] & 1U) != 0 ? Framing::Tcp : Framing::Rtu;
    const std::size_t count = 1 + data[0] / 4U;
    const Request request{.transaction = 7,
                          .function = (data[0] & 2U) != 0 ? Function::WriteMultipleCoils
                                                          : Function::ReadDiscreteInputs,
                          .bits = std::vector<bool>(count)};
    std::size_t used = 0;
    const auto came = std::as_bytes(std::span(data, size)).subspan(1);
    const auto answer = decode(came, request, framing, used);
    if (used > came.size()) {
        std::abort();
    }
    const bool reading = request.function == Function::ReadDiscreteInputs;
    if (answer && *answer && !(*answer)->refusal && reading && (*answer)->bits.size() != count) {
        std::abort();
    }
    return 0;
}
