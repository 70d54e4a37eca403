// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/security_infos.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "drivers/mrtd/asn1_tags.h"
#include "drivers/mrtd/lds.h"
#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

// 0.4.0.127.0.7.2.2 and what follows; 0.4.0.127.0.7.1.1.4.1; 2.23.136.1.1.5
constexpr std::array kBsiProtocols{std::byte{0x04}, std::byte{0x00}, std::byte{0x7F},
                                   std::byte{0x00}, std::byte{0x07}, std::byte{0x02},
                                   std::byte{0x02}};
constexpr std::array kPlainEcdsa{std::byte{0x04}, std::byte{0x00}, std::byte{0x7F},
                                 std::byte{0x00}, std::byte{0x07}, std::byte{0x01},
                                 std::byte{0x01}, std::byte{0x04}, std::byte{0x01}};
constexpr std::array kActiveAuthentication{std::byte{0x67}, std::byte{0x81}, std::byte{0x08},
                                           std::byte{0x01}, std::byte{0x01}, std::byte{0x05}};
constexpr unsigned kPublicKeyBranch = 1, kChipBranch = 3, kPaceBranch = 4;

/// What follows `prefix` in an identifier; nothing if it does not start so.
std::optional<ByteView> behind(ByteView id, ByteView prefix)
{
    if (id.size() <= prefix.size() || !std::ranges::equal(id.first(prefix.size()), prefix)) {
        return std::nullopt;
    }
    return id.subspan(prefix.size());
}

unsigned at(ByteView bytes, std::size_t index)
{
    return index < bytes.size() ? std::to_integer<unsigned>(bytes[index]) : 0;
}

std::optional<unsigned> number(const std::vector<DataObject>& fields, std::size_t index)
{
    if (index >= fields.size() || fields[index].tag != asn1::kInteger ||
        fields[index].value.empty() || fields[index].value.size() > 2) {
        return std::nullopt;
    }
    unsigned value = 0;
    for (const auto byte : fields[index].value) {
        value = value << 8 | std::to_integer<unsigned>(byte);
    }
    return value;
}

std::optional<Cipher> cipherOf(unsigned last)
{
    switch (last) {
    case 1:
        return Cipher::TripleDes;
    case 2:
        return Cipher::Aes128;
    case 3:
        return Cipher::Aes192;
    case 4:
        return Cipher::Aes256;
    default:
        return std::nullopt;
    }
}

std::optional<PaceInfo> paceInfo(ByteView id, ByteView branch, const std::vector<DataObject>& info)
{
    using enum PaceInfo::Agreement;
    using enum PaceInfo::Mapping;
    struct Kind {
        unsigned branch;
        PaceInfo::Agreement agreement;
        PaceInfo::Mapping mapping;
    };
    constexpr std::array kKinds{Kind{1, Dh, Generic}, Kind{2, Ecdh, Generic},
                                Kind{3, Dh, Integrated}, Kind{4, Ecdh, Integrated},
                                Kind{6, Ecdh, ChipAuthentication}};
    const auto kind = std::ranges::find(kKinds, at(branch, 1), &Kind::branch);
    const auto cipher = cipherOf(at(branch, 2));
    // Two bytes name domain parameters of the issuer's own, in another SecurityInfo.
    if (branch.size() != 3 || kind == kKinds.end() || !cipher || number(info, 1) != 2U) {
        return std::nullopt;
    }
    return PaceInfo{Bytes(id.begin(), id.end()), kind->agreement, kind->mapping, *cipher,
                    number(info, 2)};
}

void take(SecurityInfos& infos, const std::vector<DataObject>& info)
{
    const auto id = info[0].value;
    if (const auto branch = behind(id, kBsiProtocols)) {
        if (at(*branch, 0) == kPaceBranch) {
            if (auto pace = paceInfo(id, *branch, info)) {
                infos.pace.push_back(std::move(*pace));
            }
        } else if (at(*branch, 0) == kChipBranch && branch->size() == 3) {
            if (const auto cipher = cipherOf(at(*branch, 2))) {
                infos.chipAuthentication.push_back(
                    {Bytes(id.begin(), id.end()), *cipher, number(info, 2)});
            }
        } else if (at(*branch, 0) == kPublicKeyBranch && branch->size() == 2 &&
                   info[1].tag == asn1::kSequence && (at(*branch, 1) == 1 || at(*branch, 1) == 2)) {
            const auto key = info[1].whole;
            infos.chipKeys.push_back(
                {Bytes(key.begin(), key.end()), at(*branch, 1) == 2, number(info, 2)});
        }
        return;
    }
    if (std::ranges::equal(id, kActiveAuthentication) && info.size() > 2 &&
        info[2].tag == asn1::kObjectId) {
        const auto hash = behind(info[2].value, kPlainEcdsa);
        if (hash && hash->size() == 1 && at(*hash, 0) >= 1 && at(*hash, 0) <= 5) {
            infos.activeHash = static_cast<PlainHash>(at(*hash, 0) - 1);
        }
    }
}

} // namespace

Result<SecurityInfos> parseSecurityInfos(ByteView bytes)
{
    const auto header = parseHeader(bytes);
    if (!header) {
        return fail(header.error(), "security infos");
    }
    if (header->tag != asn1::kSet || header->total() > bytes.size()) {
        return fail(Errc::Protocol, fmt::format("security infos: tag {:X} of {} bytes, {} there",
                                                header->tag, header->total(), bytes.size()));
    }
    const auto entries = objectsIn(bytes.subspan(header->headerBytes, header->valueBytes));
    if (!entries) {
        return fail(entries.error(), "security infos");
    }
    SecurityInfos infos;
    for (const auto& entry : *entries) {
        const auto info = objectsIn(entry.value);
        if (entry.tag != asn1::kSequence || !info || info->size() < 2 ||
            (*info)[0].tag != asn1::kObjectId) {
            return fail(Errc::Protocol, "security infos: an entry of wrong build");
        }
        take(infos, *info);
    }
    return infos;
}

Result<SecurityInfos> parseSecurityOptions(ByteView file)
{
    const auto content = valueAt(file, {dataGroup(14).tag});
    if (!content) {
        return fail(content.error(), "DG14");
    }
    auto infos = parseSecurityInfos(*content);
    return infos ? std::move(infos) : fail(infos.error(), "DG14");
}

} // namespace guichet::mrtd
