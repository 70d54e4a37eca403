// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/card_authentication.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/emv/application.h"
#include "drivers/emv/emv_protocol.h"
#include "peripherals/base/random.h"

namespace guichet::emv {
namespace {

constexpr std::uint32_t kKeyIndex = 0x8f, kIssuerCertificate = 0x90, kIssuerRemainder = 0x92,
                        kIssuerExponent = 0x9f32, kStaticSignature = 0x93, kTagList = 0x9f4a,
                        kCardCertificate = 0x9f46, kCardExponent = 0x9f47, kCardRemainder = 0x9f48,
                        kDynamicList = 0x9f49, kDynamicSignature = 0x9f4b, kFormatOne = 0x80,
                        kUnpredictable = 0x9f37;
constexpr unsigned kStaticBit = 0x40, kDynamicBit = 0x20, kCombinedBit = 0x01;
constexpr std::size_t kProvider = 5;

AuthenticationMethod methodOf(ByteView profile)
{
    const auto bits = profile.empty() ? 0U : std::to_integer<unsigned>(profile[0]);
    return (bits & kDynamicBit) != 0    ? AuthenticationMethod::Dynamic
           : (bits & kStaticBit) != 0   ? AuthenticationMethod::Static
           : (bits & kCombinedBit) != 0 ? AuthenticationMethod::Combined
                                        : AuthenticationMethod::None;
}

class Proof {
public:
    Proof(ApduLink& link, const ReadApplication& application)
        : m_link(link)
        , m_application(application)
    {
    }

    [[nodiscard]] Result<void> check(const RsaKey& scheme, AuthenticationMethod method)
    {
        const auto data =
            staticDataOf(m_application.records, value(kTagList), m_application.interchangeProfile);
        if (!data) {
            return tl::unexpected(data.error());
        }
        const auto issuer = recoverIssuerKey(
            scheme, {value(kIssuerCertificate), value(kIssuerRemainder), value(kIssuerExponent)},
            m_application.facts);
        if (!issuer) {
            return tl::unexpected(issuer.error());
        }
        if (method == AuthenticationMethod::Static) {
            return verifyStaticData(*issuer, value(kStaticSignature), *data);
        }
        const auto card = recoverCardKey(
            *issuer, {value(kCardCertificate), value(kCardRemainder), value(kCardExponent)}, *data,
            m_application.facts);
        return card ? challenge(*card) : Result<void>(tl::unexpected(card.error()));
    }

    /// Why the conversation broke, which says nothing about the card; nothing: it did not.
    [[nodiscard]] const std::optional<Error>& cut() const { return m_cut; }

private:
    [[nodiscard]] ByteView value(std::uint32_t tag) const
    {
        const auto* object = findTag(m_application.objects, tag);
        return object == nullptr ? ByteView() : object->value;
    }

    [[nodiscard]] Result<Bytes> challengeData() const
    {
        const auto list = value(kDynamicList);
        if (list.empty()) {
            return randomBytes(4);
        }
        const auto entries = parseDol(list);
        if (!entries) {
            return tl::unexpected(entries.error());
        }
        const bool fresh = std::any_of(entries->begin(), entries->end(), [](const DolEntry& entry) {
            return entry.tag == kUnpredictable;
        });
        if (!fresh) {
            return fail(Errc::Denied, "the card does not ask for a random number");
        }
        return buildDolData(*entries, terminalValues(m_application.facts.today, randomBytes(4)));
    }

    [[nodiscard]] Result<void> challenge(const RsaKey& card)
    {
        const auto data = challengeData();
        if (!data) {
            return tl::unexpected(data.error());
        }
        const auto answer = m_link.exchange(internalAuthenticate(*data));
        if (!answer) {
            m_cut = answer.error();
            return tl::unexpected(answer.error());
        }
        if (!answer->ok()) {
            return fail(Errc::Denied, "the card does not answer to a challenge");
        }
        const auto objects = parseTlv(answer->data.reveal());
        if (!objects) {
            return tl::unexpected(objects.error());
        }
        for (const auto tag : {kFormatOne, kDynamicSignature}) {
            if (const auto* signature = findTag(*objects, tag)) {
                return verifyDynamicData(card, signature->value, *data);
            }
        }
        return fail(Errc::Denied, "the card's answer to a challenge has no signature");
    }

    ApduLink& m_link;
    const ReadApplication& m_application;
    std::optional<Error> m_cut;
};

} // namespace

std::string_view name(AuthenticationMethod method)
{
    switch (method) {
    case AuthenticationMethod::Static:
        return "sda";
    case AuthenticationMethod::Dynamic:
        return "dda";
    case AuthenticationMethod::Combined:
        return "cda";
    case AuthenticationMethod::None:
        break;
    }
    return "none";
}

std::string_view name(AuthenticationVerdict verdict)
{
    switch (verdict) {
    case AuthenticationVerdict::Genuine:
        return "genuine";
    case AuthenticationVerdict::Refused:
        return "refused";
    case AuthenticationVerdict::NotChecked:
        break;
    }
    return "notChecked";
}

Result<Authentication> authenticate(ApduLink& link, const SchemeKeys& keys,
                                    const ReadApplication& application)
{
    Authentication result{.method = methodOf(application.interchangeProfile)};
    if (result.method == AuthenticationMethod::None) {
        result.reason = "the card offers no offline data authentication";
        return result;
    }
    if (result.method == AuthenticationMethod::Combined) {
        result.reason = "the card offers nothing but combined data authentication";
        return result;
    }
    const auto* index = findTag(application.objects, kKeyIndex);
    const auto* key =
        index == nullptr || index->value.size() != 1 || application.name.size() < kProvider
            ? nullptr
            : keys.find(application.name.first(kProvider),
                        std::to_integer<unsigned>(index->value[0]), application.facts.today);
    if (key == nullptr) {
        result.reason = "the scheme's key is not among ours, or is over";
        return result;
    }
    Proof proof(link, application);
    const auto proved = proof.check(*key, result.method);
    if (proof.cut()) {
        return tl::unexpected(*proof.cut());
    }
    result.verdict = proved                                     ? AuthenticationVerdict::Genuine
                     : proved.error().code == Errc::Unsupported ? AuthenticationVerdict::NotChecked
                                                                : AuthenticationVerdict::Refused;
    result.reason = proved ? std::string() : proved.error().detail;
    return result;
}

} // namespace guichet::emv
