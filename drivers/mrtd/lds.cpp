// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/lds.h"

#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/format.h>

#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr std::array<FileId, kDataGroups> kGroups{{
    {0x0101, 0x01, 0x61, "DG1"},
    {0x0102, 0x02, 0x75, "DG2"},
    {0x0103, 0x03, 0x63, "DG3"},
    {0x0104, 0x04, 0x76, "DG4"},
    {0x0105, 0x05, 0x65, "DG5"},
    {0x0106, 0x06, 0x66, "DG6"},
    {0x0107, 0x07, 0x67, "DG7"},
    {0x0108, 0x08, 0x68, "DG8"},
    {0x0109, 0x09, 0x69, "DG9"},
    {0x010A, 0x0A, 0x6A, "DG10"},
    {0x010B, 0x0B, 0x6B, "DG11"},
    {0x010C, 0x0C, 0x6C, "DG12"},
    {0x010D, 0x0D, 0x6D, "DG13"},
    {0x010E, 0x0E, 0x6E, "DG14"},
    {0x010F, 0x0F, 0x6F, "DG15"},
    {0x0110, 0x10, 0x70, "DG16"},
}};

constexpr std::array kMrzLengths{std::size_t{72}, std::size_t{88}, std::size_t{90}};
constexpr std::uint32_t kExtendedLengths = 0x7F66, kInteger = 0x02;
constexpr std::size_t kShortResponse = 256, kLongResponse = 65'536;

Result<ByteView> contentOf(ByteView file, const FileId& id)
{
    auto content = valueAt(file, {id.tag});
    return content ? content : fail(content.error(), id.name);
}

Secret<std::string> secretText(ByteView bytes)
{
    return Secret<std::string>(std::string(asText(bytes)));
}

/// Dates are written as eight digits or packed into four bytes.
Secret<std::string> dateText(ByteView bytes)
{
    return bytes.size() == 4 ? Secret<std::string>(toHex(bytes)) : secretText(bytes);
}

} // namespace

const FileId& dataGroup(int number)
{
    assert(number >= 1 && number <= kDataGroups);
    return kGroups[static_cast<std::size_t>(number - 1)];
}

Result<CommonData> parseCommon(ByteView file)
{
    const auto content = contentOf(file, kCommon);
    if (!content) {
        return tl::unexpected(content.error());
    }
    const auto objects = objectsIn(*content);
    if (!objects) {
        return fail(objects.error(), kCommon.name);
    }
    CommonData common;
    for (const auto& object : *objects) {
        if (object.tag == 0x5F01) {
            common.ldsVersion = asText(object.value);
        } else if (object.tag == 0x5F36) {
            common.unicodeVersion = asText(object.value);
        } else if (object.tag == 0x5C) {
            for (const auto byte : object.value) {
                const auto tag = std::to_integer<std::uint32_t>(byte);
                const auto found = std::ranges::find(kGroups, tag, &FileId::tag);
                const auto number = static_cast<int>(found - kGroups.begin()) + 1;
                if (found != kGroups.end() &&
                    std::ranges::find(common.groups, number) == common.groups.end()) {
                    common.groups.push_back(number);
                }
            }
        }
    }
    return common;
}

Result<Secret<std::string>> parseMrz(ByteView file)
{
    const auto value = valueAt(file, {dataGroup(1).tag, 0x5F1F});
    if (!value) {
        return fail(value.error(), "DG1");
    }
    if (std::ranges::find(kMrzLengths, value->size()) == kMrzLengths.end()) {
        return fail(Errc::Protocol,
                    fmt::format("DG1: {} characters, want 72, 88 or 90", value->size()));
    }
    const auto known = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<';
    };
    if (!std::ranges::all_of(asText(*value), known)) {
        return fail(Errc::Protocol, "DG1: a character that is not of a machine readable zone");
    }
    return secretText(*value);
}

Result<PersonalDetails> parseDetails(ByteView file)
{
    const auto content = contentOf(file, dataGroup(11));
    if (!content) {
        return tl::unexpected(content.error());
    }
    const auto objects = objectsIn(*content);
    if (!objects) {
        return fail(objects.error(), "DG11");
    }
    PersonalDetails details;
    for (const auto& object : *objects) {
        switch (object.tag) {
        case 0x5F0E:
            details.fullName = secretText(object.value);
            break;
        case 0xA0: {
            const auto names = objectsIn(object.value);
            if (!names) {
                return fail(names.error(), "DG11 other names");
            }
            for (const auto& name : *names) {
                if (name.tag == 0x5F0F) {
                    details.otherNames.push_back(secretText(name.value));
                }
            }
            break;
        }
        case 0x5F10:
            details.personalNumber = secretText(object.value);
            break;
        case 0x5F2B:
            details.fullBirthDate = dateText(object.value);
            break;
        case 0x5F11:
            details.birthPlace = secretText(object.value);
            break;
        case 0x5F42:
            details.address = secretText(object.value);
            break;
        case 0x5F12:
            details.telephone = secretText(object.value);
            break;
        case 0x5F13:
            details.profession = secretText(object.value);
            break;
        case 0x5F14:
            details.title = secretText(object.value);
            break;
        default:
            break;
        }
    }
    return details;
}

Result<Bytes> parseActiveKey(ByteView file)
{
    const auto content = contentOf(file, dataGroup(15));
    if (!content) {
        return tl::unexpected(content.error());
    }
    const auto objects = objectsIn(*content);
    if (!objects || objects->size() != 1 || objects->front().tag != 0x30) {
        return fail(Errc::Protocol, "DG15: want one public key");
    }
    const auto key = objects->front().whole;
    return Bytes(key.begin(), key.end());
}

std::size_t longestResponse(ByteView file)
{
    const auto lengths = valueAt(file, {kExtendedLengths});
    if (!lengths) {
        return kShortResponse;
    }
    const auto numbers = objectsIn(*lengths);
    if (!numbers || numbers->size() != 2 || (*numbers)[1].tag != kInteger) {
        return kShortResponse;
    }
    std::size_t longest = 0;
    for (const auto byte : (*numbers)[1].value) {
        longest = std::min(longest << 8 | std::to_integer<std::size_t>(byte), kLongResponse);
    }
    return std::max(longest, kShortResponse);
}

} // namespace guichet::mrtd
