// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/ipp_message.h"

#include <algorithm>

#include <fmt/format.h>

namespace guichet::ipp {
namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kHeader = 8; // version, status, request id

// RFC 8010 3.5: what one octet before a name announces
constexpr std::uint8_t kEndOfAttributes = 0x03, kLastDelimiter = 0x0F, kBeginCollection = 0x34,
                       kEndCollection = 0x37;

/// Walks over tags and lengths only, to the end-of-attributes tag.
Result<void> checkShape(ByteView bytes)
{
    ByteReader reader(bytes);
    if (!reader.take(kHeader)) {
        return fail(Errc::Protocol, fmt::format("{} bytes, want at least 8", bytes.size()));
    }
    int depth = 0;
    for (;;) {
        const auto tag = reader.u8();
        if (!tag) {
            return fail(Errc::Protocol, "the answer ends before its end-of-attributes tag");
        }
        if (*tag == kEndOfAttributes) {
            return {};
        }
        if (*tag <= kLastDelimiter) {
            continue;
        }
        for (int field = 0; field < 2; ++field) { // name, value
            const auto length = reader.u16();
            if (!length || !reader.take(*length)) {
                return fail(Errc::Protocol,
                            fmt::format("an attribute ends behind the answer, {} bytes before "
                                        "its end",
                                        reader.left()));
            }
        }
        depth += *tag == kBeginCollection ? 1 : *tag == kEndCollection ? -1 : 0;
        if (depth > kDeepest) {
            return fail(Errc::Protocol, fmt::format("collections nested deeper than {}", kDeepest));
        }
    }
}

ssize_t append(void* bytes, ipp_uchar_t* data, std::size_t count)
{
    const auto view = std::as_bytes(std::span(data, count));
    auto& to = *static_cast<Bytes*>(bytes);
    to.insert(to.end(), view.begin(), view.end());
    return static_cast<ssize_t>(count);
}

ssize_t takeFrom(void* rest, ipp_uchar_t* data, std::size_t count)
{
    auto& from = *static_cast<ByteView*>(rest);
    const auto taken = from.first(std::min(count, from.size()));
    std::transform(taken.begin(), taken.end(), data,
                   [](std::byte b) { return std::to_integer<ipp_uchar_t>(b); });
    from = from.subspan(taken.size());
    return static_cast<ssize_t>(taken.size());
}

} // namespace

Bytes toBytes(ipp_t* message)
{
    Bytes bytes;
    bytes.reserve(ippLength(message));
    ippSetState(message, IPP_STATE_IDLE);
    while (ippWriteIO(&bytes, append, 1, nullptr, message) == IPP_STATE_ATTRIBUTE) {
    }
    return bytes;
}

Result<Message> fromBytes(ByteView bytes)
{
    const auto refuse = [](std::string seen) {
        return fail(Errc::Protocol, "not an IPP answer: " + seen, Remedy::CallStaff);
    };
    if (bytes.size() > kLongestAnswer) {
        return refuse(fmt::format("{} bytes, want at most {}", bytes.size(), kLongestAnswer));
    }
    if (const auto shape = checkShape(bytes); !shape) {
        return refuse(shape.error().detail);
    }
    Message message(ippNew());
    ByteView rest = bytes;
    for (;;) {
        switch (ippReadIO(&rest, takeFrom, 1, nullptr, message.get())) {
        case IPP_STATE_DATA:
            return message;
        case IPP_STATE_ERROR:
            return refuse(
                fmt::format("its attributes are broken {} bytes before the end", rest.size()));
        default:
            break;
        }
    }
}

} // namespace guichet::ipp
