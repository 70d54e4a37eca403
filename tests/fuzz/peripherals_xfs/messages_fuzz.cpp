// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "peripherals/xfs/messages.h"
#include "peripherals/xfs/ticket_form.h"

using namespace guichet::xfs;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto command = decodeCommand(text)) {
        if (!decodeCommand(encodeCommand(*command))) {
            std::abort(); // what we read we must be able to write
        }
        static_cast<void>(ticketFromFields(command->payload));
    } else {
        static_cast<void>(encodeRefusal(command.error()));
    }
    static_cast<void>(decodeServiceMessage(text));
    return 0;
}
