// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/pace.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "drivers/mrtd/key_derivation.h"
#include "drivers/mrtd/pace_group.h"
#include "drivers/mrtd/tlv.h"

namespace guichet::mrtd {
namespace {

constexpr std::uint32_t kDynamic = 0x7C, kToken = 0x7F49, kObjectId = 0x06;
constexpr std::size_t kNonce = 16, kSpare = 16;
constexpr std::uint16_t kBlocked = 0x6983;

bool isWrongPassword(std::uint16_t status)
{
    return status == 0x6300 || (status & 0xFFF0) == 0x63C0;
}

bool isUnknownParameter(std::uint16_t status)
{
    return status == 0x6A80 || status == 0x6A86 || status == 0x6A88 || status == 0x6D00;
}

class Exchange {
public:
    Exchange(CardLink& link, const PaceInfo& info, const PaceGroup& group)
        : m_link(link)
        , m_info(info)
        , m_mostAnswer(group.publicBytes() + kSpare > kShortAnswer ? kLongestAnswer : kShortAnswer)
    {
    }

    Result<void> choose(PasswordKind kind)
    {
        const std::array password{static_cast<std::byte>(kind)};
        const std::array parameters{static_cast<std::byte>(*m_info.parameterId)};
        // No Le: some chips refuse it here. The parameters always: older ones ask for them.
        const auto answer =
            m_link.exchange({0x00, 0x22, 0xC1, 0xA4,
                             joined({makeObject(0x80, m_info.protocol), makeObject(0x83, password),
                                     makeObject(0x84, parameters)})});
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        if (answer->ok() || (isWrongPassword(answer->status) && answer->status != 0x63C0)) {
            return {}; // 63Cx: tries left
        }
        const auto detail = "the chip says " + statusText(answer->status);
        return isUnknownParameter(answer->status) ? fail(Errc::Unsupported, detail)
                                                  : fail(Errc::Denied, detail, Remedy::CallStaff);
    }

    /// One step of GENERAL AUTHENTICATE: the object of that tag in the chip's answer.
    Result<Bytes> step(std::uint32_t sentTag, ByteView sent, std::uint32_t wantedTag, bool last)
    {
        auto data = makeObject(kDynamic, sentTag == 0 ? Bytes{} : makeObject(sentTag, sent));
        const std::uint8_t group = last ? 0x00 : 0x10;
        const auto answer =
            m_link.exchange({group, 0x86, 0x00, 0x00, std::move(data), m_mostAnswer});
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        if (isWrongPassword(answer->status)) {
            return fail(Errc::Denied, "the chip refuses the password", Remedy::Retry);
        }
        if (answer->status == kBlocked) {
            return fail(Errc::Denied, "the password is blocked", Remedy::CallStaff);
        }
        if (!answer->ok()) {
            return fail(Errc::Protocol, "the chip says " + statusText(answer->status),
                        Remedy::ReinsertCard);
        }
        const auto value = valueAt(answer->data.reveal(), {kDynamic, wantedTag});
        if (!value) {
            return fail(Errc::Protocol, value.error().detail, Remedy::ReinsertCard);
        }
        return Bytes(value->begin(), value->end());
    }

private:
    CardLink& m_link;
    const PaceInfo& m_info;
    std::size_t m_mostAnswer;
};

Result<SecretBytes> decryptedNonce(const PaceInfo& info, const PacePassword& password,
                                   ByteView secret)
{
    if (secret.size() != kNonce) {
        return fail(Errc::Protocol, fmt::format("nonce of {} bytes", secret.size()),
                    Remedy::ReinsertCard);
    }
    const auto key = deriveKey(password.secret.reveal(), KeyUse::Password, info.cipher);
    return key ? decrypt(info.cipher, key->reveal(), {}, secret) : tl::unexpected(key.error());
}

Result<Bytes> tokenOf(const PaceInfo& info, const SecretBytes& key, std::uint32_t publicTag,
                      ByteView publicKey)
{
    auto message = makeObject(
        kToken, joined({makeObject(kObjectId, info.protocol), makeObject(publicTag, publicKey)}));
    if (info.cipher == Cipher::TripleDes) {
        message = padded(message, blockBytes(info.cipher));
    }
    return macOf(info.cipher, key.reveal(), message);
}

/// Rank among what a chip offers; nothing: not spoken here.
std::optional<int> rankOf(const PaceInfo& info)
{
    if (info.mapping != PaceInfo::Mapping::Generic || !PaceGroup::create(info)) {
        return std::nullopt;
    }
    return static_cast<int>(info.cipher) * 2 +
           (info.agreement == PaceInfo::Agreement::Ecdh ? 1 : 0);
}

} // namespace

const PaceInfo* bestOf(const std::vector<PaceInfo>& offered)
{
    const PaceInfo* best = nullptr;
    std::optional<int> bestRank;
    for (const auto& info : offered) {
        if (const auto rank = rankOf(info); rank && (!bestRank || *rank > *bestRank)) {
            best = &info;
            bestRank = rank;
        }
    }
    return best;
}

Result<SecureMessaging> openWithPace(CardLink& link, const PaceInfo& info,
                                     const PacePassword& password, const RandomSource& random)
{
    if (info.mapping != PaceInfo::Mapping::Generic) {
        return fail(Errc::Unsupported, "PACE with another mapping than the generic one");
    }
    const auto group = PaceGroup::create(info);
    if (!group) {
        return fail(group.error(), "PACE");
    }
    Exchange exchange(link, info, **group);
    if (auto chosen = exchange.choose(password.kind); !chosen) {
        return fail(chosen.error(), "PACE set up");
    }
    const auto secret = exchange.step(0, {}, 0x80, false);
    const auto nonce = secret ? decryptedNonce(info, password, *secret)
                              : Result<SecretBytes>(tl::unexpected(secret.error()));
    if (!nonce) {
        return fail(nonce.error(), "PACE nonce");
    }

    const auto mapping = (*group)->generate(random);
    if (!mapping) {
        return fail(mapping.error(), "PACE mapping");
    }
    const auto theirMapping = exchange.step(0x81, mapping->publicKey, 0x82, false);
    if (!theirMapping) {
        return fail(theirMapping.error(), "PACE mapping");
    }
    if (auto mapped = (*group)->map(nonce->reveal(), *mapping, *theirMapping); !mapped) {
        return fail(mapped.error(), "PACE mapping");
    }

    const auto own = (*group)->generate(random);
    if (!own) {
        return fail(own.error(), "PACE agreement");
    }
    const auto theirs = exchange.step(0x83, own->publicKey, 0x84, false);
    if (!theirs) {
        return fail(theirs.error(), "PACE agreement");
    }
    if (*theirs == own->publicKey) {
        return fail(Errc::Denied, "PACE agreement: the chip sent our own key back");
    }
    const auto shared = (*group)->agree(*own, *theirs);
    if (!shared) {
        return fail(shared.error(), "PACE agreement");
    }
    auto encryption = deriveKey(shared->reveal(), KeyUse::Encryption, info.cipher);
    auto mac = deriveKey(shared->reveal(), KeyUse::Mac, info.cipher);
    if (!encryption || !mac) {
        return tl::unexpected(encryption ? mac.error() : encryption.error());
    }

    const auto tag = (*group)->publicTag();
    const auto token = tokenOf(info, *mac, tag, *theirs);
    const auto wanted = tokenOf(info, *mac, tag, own->publicKey);
    if (!token || !wanted) {
        return tl::unexpected(token ? wanted.error() : token.error());
    }
    const auto theirToken = exchange.step(0x85, *token, 0x86, true);
    if (!theirToken) {
        return fail(theirToken.error(), "PACE token");
    }
    if (!equalSecretly(*theirToken, *wanted)) {
        return fail(Errc::Denied, "PACE token: the chip does not know the password itself",
                    Remedy::Retry);
    }
    return SecureMessaging(info.cipher, std::move(*encryption), std::move(*mac));
}

} // namespace guichet::mrtd
