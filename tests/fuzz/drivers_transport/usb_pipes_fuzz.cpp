// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/transport/split_frames.h"
#include "drivers/transport/usb_pipes.h"

using namespace guichet;
using namespace guichet::transport;

namespace {

constexpr std::size_t kInterfaceBytes = 6, kEndpointBytes = 4;

/// Number, alternate, class, subclass, protocol, count of endpoints; each address, attributes,
/// packet.
std::vector<UsbInterface> interfacesIn(ByteView bytes)
{
    std::vector<UsbInterface> interfaces;
    ByteReader reader(bytes);
    while (reader.left() >= kInterfaceBytes) {
        UsbInterface interface {
            *reader.u8(), *reader.u8(), *reader.u8(), *reader.u8(), *reader.u8(), {}
        };
        for (auto count = *reader.u8(); count > 0 && reader.left() >= kEndpointBytes; --count) {
            interface.endpoints.push_back({*reader.u8(), *reader.u8(), *reader.u16()});
        }
        interfaces.push_back(std::move(interface));
    }
    return interfaces;
}

bool usable(const UsbPipes& pipes, bool anyPrinter)
{
    return (pipes.out.size() == 1 || pipes.out.size() == 2) &&
           (pipes.in.size() == pipes.out.size() || (pipes.printer && pipes.in.empty())) &&
           (pipes.printer || !anyPrinter) && pipes.out.front().packet > 0;
}

} // namespace

/// What is chosen can be read and written; a stream is cut at the same places, however it comes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
    const auto interfaces = interfacesIn(bytes);
    for (const auto framing : {UsbFraming::Automatic, UsbFraming::Plain, UsbFraming::Split}) {
        const auto printer = choosePipes(interfaces, {.framing = framing});
        const auto device = choosePipes(interfaces, {.id = UsbId{}, .framing = framing});
        if ((printer && !usable(*printer, true)) || (device && !usable(*device, false))) {
            std::abort();
        }
    }
    static_cast<void>(parseUsbAddress(std::string_view(reinterpret_cast<const char*>(data), size)));
    SplitFrames whole, single;
    for (auto rest = bytes; !rest.empty();) {
        const auto piece = rest.first(whole.run(rest));
        if (piece.empty()) {
            std::abort();
        }
        for (std::size_t at = 0; at < piece.size(); ++at) {
            if (single.pipe() != whole.pipe()) {
                std::abort();
            }
            single.passed(piece.subspan(at, 1));
        }
        whole.passed(piece);
        rest = rest.subspan(piece.size());
    }
    return 0;
}
