// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/ber.h"

#include <cassert>

#include <fmt/format.h>

namespace guichet {

namespace {

constexpr unsigned kLowTagBits = 0x1f, kMore = 0x80;
constexpr std::size_t kLongestTag = 4, kLongestLength = 3;

} // namespace

Result<std::uint32_t> readBerTag(ByteReader& reader, std::size_t mostBytes)
{
    assert(mostBytes <= kLongestTag);
    const auto first = reader.u8();
    if (!first || (*first & kLowTagBits) != kLowTagBits) {
        return first;
    }
    std::uint32_t tag = *first;
    for (std::size_t count = 1; count < mostBytes; ++count) {
        const auto next = reader.u8();
        if (!next) {
            return tl::unexpected(next.error());
        }
        tag = tag << 8 | *next;
        if ((*next & kMore) == 0) {
            return tag;
        }
    }
    return fail(Errc::Protocol, fmt::format("tag of more than {} bytes", mostBytes));
}

Result<std::size_t> readBerLength(ByteReader& reader, std::size_t mostBytes)
{
    assert(mostBytes <= kLongestLength);
    const auto first = reader.u8();
    if (!first || *first < kMore) {
        return first;
    }
    const std::size_t count = *first & ~kMore;
    if (count == 0 || count > mostBytes) {
        return fail(Errc::Protocol, fmt::format("length of form {:02X}", *first));
    }
    const auto bytes = reader.take(count);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    std::size_t length = 0;
    for (const auto byte : *bytes) {
        length = length << 8 | std::to_integer<std::size_t>(byte);
    }
    return length;
}

} // namespace guichet
