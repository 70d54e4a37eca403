// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/tlv.h"

#include <algorithm>

#include <fmt/format.h>

#include "peripherals/base/ber.h"

namespace guichet::mrtd {
namespace {

constexpr unsigned kMore = 0x80;
constexpr std::size_t kMaxObjects = 1'000, kTagBytes = 2, kLengthBytes = 3;

} // namespace

Result<ObjectHeader> parseHeader(ByteView start)
{
    ByteReader reader(start);
    const auto tag = readBerTag(reader, kTagBytes);
    if (!tag) {
        return fail(tag.error(), "tag");
    }
    const auto length = readBerLength(reader, kLengthBytes);
    if (!length) {
        return fail(length.error(), fmt::format("tag {:X}", *tag));
    }
    return ObjectHeader{*tag, start.size() - reader.left(), *length};
}

Result<std::vector<DataObject>> objectsIn(ByteView bytes)
{
    std::vector<DataObject> objects;
    while (!bytes.empty()) {
        const auto header = parseHeader(bytes);
        if (!header) {
            return tl::unexpected(header.error());
        }
        if (header->total() > bytes.size()) {
            return fail(Errc::Protocol,
                        fmt::format("tag {:X}: {} bytes announced, {} there", header->tag,
                                    header->valueBytes, bytes.size() - header->headerBytes));
        }
        if (objects.size() == kMaxObjects) {
            return fail(Errc::Protocol, fmt::format("more than {} objects", kMaxObjects));
        }
        objects.push_back({header->tag, bytes.subspan(header->headerBytes, header->valueBytes),
                           bytes.first(header->total())});
        bytes = bytes.subspan(header->total());
    }
    return objects;
}

Result<ByteView> valueAt(ByteView bytes, std::initializer_list<std::uint32_t> path)
{
    for (const auto tag : path) {
        const auto objects = objectsIn(bytes);
        if (!objects) {
            return tl::unexpected(objects.error());
        }
        const auto found = std::ranges::find(*objects, tag, &DataObject::tag);
        if (found == objects->end()) {
            return fail(Errc::NotFound, fmt::format("no object {:X}", tag));
        }
        bytes = found->value;
    }
    return bytes;
}

Bytes makeObject(std::uint32_t tag, ByteView value)
{
    Bytes object;
    object.reserve(value.size() + 6);
    if (tag > 0xFF) {
        object.push_back(static_cast<std::byte>(tag >> 8));
    }
    object.push_back(static_cast<std::byte>(tag & 0xFF));
    const auto length = value.size();
    if (length >= kMore) {
        const unsigned count = length > 0xFFFF ? 3 : length > 0xFF ? 2 : 1;
        object.push_back(static_cast<std::byte>(kMore | count));
        for (auto left = count - 1; left > 0; --left) {
            object.push_back(static_cast<std::byte>(length >> (8 * left) & 0xFF));
        }
    }
    object.push_back(static_cast<std::byte>(length & 0xFF));
    object.insert(object.end(), value.begin(), value.end());
    return object;
}

Bytes joined(std::initializer_list<ByteView> parts)
{
    std::size_t size = 0;
    for (const auto part : parts) {
        size += part.size();
    }
    Bytes all;
    all.reserve(size); // no copy is left behind by growing
    for (const auto part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

} // namespace guichet::mrtd
