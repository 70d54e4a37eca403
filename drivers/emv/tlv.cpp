// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/tlv.h"

#include <fmt/format.h>

#include "peripherals/base/ber.h"

namespace guichet::emv {
namespace {

constexpr unsigned kConstructed = 0x20;
constexpr std::size_t kTagBytes = 4, kLengthBytes = 2;

void skipFiller(ByteReader& reader)
{
    while (reader.left() > 0 &&
           (reader.rest()[0] == std::byte{0x00} || reader.rest()[0] == std::byte{0xff})) {
        (void)reader.take(1);
    }
}

bool isConstructed(std::uint32_t tag)
{
    while (tag > 0xff) {
        tag >>= 8;
    }
    return (tag & kConstructed) != 0;
}

Result<std::vector<Tlv>> parseLevel(ByteView bytes, int depth)
{
    if (depth > kMaxTlvDepth && !bytes.empty()) {
        return fail(Errc::Protocol, fmt::format("more than {} levels", kMaxTlvDepth));
    }
    std::vector<Tlv> objects;
    ByteReader reader(bytes);
    for (skipFiller(reader); reader.left() > 0; skipFiller(reader)) {
        const auto start = reader.rest();
        const auto tag = readBerTag(reader, kTagBytes);
        if (!tag) {
            return tl::unexpected(tag.error());
        }
        const auto length = readBerLength(reader, kLengthBytes);
        if (!length) {
            return fail(length.error(), fmt::format("tag {:X}", *tag));
        }
        const auto value = reader.take(*length);
        if (!value) {
            return fail(Errc::Protocol, fmt::format("tag {:X}: {} bytes announced, {} there", *tag,
                                                    *length, reader.left()));
        }
        Tlv object{*tag, *value, {}, start.first(start.size() - reader.left())};
        if (isConstructed(*tag)) {
            auto children = parseLevel(*value, depth + 1);
            if (!children) {
                return fail(children.error(), fmt::format("tag {:X}", *tag));
            }
            object.children = std::move(*children);
        }
        objects.push_back(std::move(object));
    }
    return objects;
}

} // namespace

Result<std::vector<Tlv>> parseTlv(ByteView bytes)
{
    if (bytes.size() > kMaxTlvBytes) {
        return fail(Errc::Protocol, fmt::format("{} bytes of TLV", bytes.size()));
    }
    return parseLevel(bytes, 1);
}

const Tlv* findTag(const std::vector<Tlv>& objects, std::uint32_t tag)
{
    for (const auto& object : objects) {
        if (object.tag == tag) {
            return &object;
        }
        if (const auto* inner = findTag(object.children, tag)) {
            return inner;
        }
    }
    return nullptr;
}

std::vector<const Tlv*> findAll(const std::vector<Tlv>& objects, std::uint32_t tag)
{
    std::vector<const Tlv*> found;
    for (const auto& object : objects) {
        if (object.tag == tag) {
            found.push_back(&object);
        }
        const auto inner = findAll(object.children, tag);
        found.insert(found.end(), inner.begin(), inner.end());
    }
    return found;
}

} // namespace guichet::emv
