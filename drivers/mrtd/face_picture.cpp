// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "drivers/mrtd/lds.h"
#include "drivers/mrtd/tlv.h"

// ISO/IEC 19794-5:2005: "FAC\0", version, record length, number of faces, two bytes more; then for
// each face 20 bytes of facial information (4 length, 2 number of feature points ...), the points
// of 8 bytes, 12 bytes of image information, the picture.
namespace guichet::mrtd {
namespace {

constexpr std::size_t kRecordHeader = 14, kFacialInformation = 20, kFeaturePoint = 8,
                      kImageInformation = 12;

constexpr std::array kJpegStart{std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF}};
constexpr std::array kCodestreamStart{std::byte{0xFF}, std::byte{0x4F}, std::byte{0xFF},
                                      std::byte{0x51}};
constexpr std::array kJp2Start{std::byte{0x00}, std::byte{0x00}, std::byte{0x00}, std::byte{0x0C},
                               std::byte{0x6A}, std::byte{0x50}, std::byte{0x20}, std::byte{0x20}};

struct Found {
    PictureFormat format;
    ByteView bytes;
};

bool startsWith(ByteView bytes, ByteView start)
{
    return bytes.size() >= start.size() && std::ranges::equal(bytes.first(start.size()), start);
}

std::optional<PictureFormat> formatOf(ByteView bytes)
{
    if (startsWith(bytes, kJpegStart)) {
        return PictureFormat::Jpeg;
    }
    if (startsWith(bytes, kJp2Start) || startsWith(bytes, kCodestreamStart)) {
        return PictureFormat::Jpeg2000;
    }
    return std::nullopt;
}

std::optional<Found> inFacialRecord(ByteView record)
{
    if (!startsWith(record, asBytes(std::string_view("FAC\0", 4)))) {
        return std::nullopt;
    }
    ByteReader reader(record);
    if (!reader.take(kRecordHeader)) {
        return std::nullopt;
    }
    const auto block = reader.u32();
    const auto points = reader.u16();
    if (!block || !points) {
        return std::nullopt;
    }
    const auto before =
        kFacialInformation + std::size_t{*points} * kFeaturePoint + kImageInformation;
    const auto rest = record.subspan(kRecordHeader);
    if (*block > rest.size() || *block <= before) {
        return std::nullopt;
    }
    const auto picture = rest.subspan(before, *block - before);
    const auto format = formatOf(picture);
    return format ? std::optional<Found>({*format, picture}) : std::nullopt;
}

/// The earliest place where a picture could start.
std::optional<Found> bySearch(ByteView block)
{
    for (std::size_t at = 0; at < block.size(); ++at) {
        if (block[at] != kJpegStart[0] && block[at] != kJp2Start[0]) {
            continue;
        }
        if (const auto format = formatOf(block.subspan(at))) {
            return Found{*format, block.subspan(at)};
        }
    }
    return std::nullopt;
}

/// The biometric data block of the first template; the whole group where its templates do not
/// parse.
ByteView firstBlock(ByteView content)
{
    const auto face = valueAt(content, {0x7F61, 0x7F60});
    if (!face) {
        return content;
    }
    for (const std::uint32_t tag : {0x5F2EU, 0x7F2EU}) {
        if (const auto block = valueAt(*face, {tag})) {
            return *block;
        }
    }
    return *face;
}

} // namespace

Result<Picture> parseFace(ByteView file, std::size_t mostBytes)
{
    const auto content = valueAt(file, {dataGroup(2).tag});
    if (!content) {
        return fail(content.error(), "DG2");
    }
    const auto block = firstBlock(*content);
    auto found = inFacialRecord(block);
    if (!found) {
        found = bySearch(block);
    }
    if (!found) {
        return fail(Errc::Unsupported, "DG2: neither JPEG nor JPEG 2000 in it");
    }
    if (found->bytes.size() > mostBytes) {
        return fail(Errc::Unsupported, fmt::format("DG2: picture of {} bytes, {} allowed",
                                                   found->bytes.size(), mostBytes));
    }
    return Picture{found->format, SecretBytes(Bytes(found->bytes.begin(), found->bytes.end()))};
}

} // namespace guichet::mrtd
