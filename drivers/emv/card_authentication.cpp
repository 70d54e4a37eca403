// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/card_authentication.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "drivers/emv/application.h"
#include "drivers/emv/combined_authentication.h"
#include "drivers/emv/emv_protocol.h"
#include "peripherals/base/random.h"

namespace guichet::emv {
namespace {

constexpr std::uint32_t kKeyIndex = 0x8f, kIssuerCertificate = 0x90, kIssuerRemainder = 0x92,
                        kIssuerExponent = 0x9f32, kStaticSignature = 0x93, kTagList = 0x9f4a,
                        kCardCertificate = 0x9f46, kCardExponent = 0x9f47, kCardRemainder = 0x9f48,
                        kDynamicList = 0x9f49, kDynamicSignature = 0x9f4b, kFormatOne = 0x80,
                        kUnpredictable = 0x9f37, kCdol1 = 0x8c, kCdol2 = 0x8d;
constexpr unsigned kStaticBit = 0x40, kDynamicBit = 0x20, kCombinedBit = 0x01;
constexpr std::size_t kProvider = 5, kUnpredictableBytes = 4;

ByteView valueIn(const std::vector<Tlv>& objects, std::uint32_t tag)
{
    const auto* object = findTag(objects, tag);
    return object == nullptr ? ByteView() : object->value;
}

/// Whether a card that offers it can be asked for a signed cryptogram.
bool canCombine(const AuthenticationTerms& terms, const ReadApplication& application)
{
    return terms.combined && !valueIn(application.objects, kCdol1).empty();
}

AuthenticationMethod methodOf(const AuthenticationTerms& terms, const ReadApplication& application)
{
    const auto profile = application.interchangeProfile;
    const auto bits = profile.empty() ? 0U : std::to_integer<unsigned>(profile[0]);
    const bool combined = (bits & kCombinedBit) != 0;
    return combined && canCombine(terms, application) ? AuthenticationMethod::Combined
           : (bits & kDynamicBit) != 0                ? AuthenticationMethod::Dynamic
           : (bits & kStaticBit) != 0                 ? AuthenticationMethod::Static
           : combined                                 ? AuthenticationMethod::Combined
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
        if (!card) {
            return tl::unexpected(card.error());
        }
        return method == AuthenticationMethod::Combined ? combine(*card) : challenge(*card);
    }

    /// Why the conversation broke, which says nothing about the card; nothing: it did not.
    [[nodiscard]] const std::optional<Error>& cut() const { return m_cut; }

private:
    [[nodiscard]] ByteView value(std::uint32_t tag) const
    {
        return valueIn(m_application.objects, tag);
    }

    /// What a list of the card asks for, the whole random number among it.
    [[nodiscard]] Result<Bytes> answerTo(ByteView list, ByteView unpredictable) const
    {
        const auto entries = parseDol(list);
        if (!entries) {
            return tl::unexpected(entries.error());
        }
        const bool fresh = std::any_of(entries->begin(), entries->end(), [](const DolEntry& entry) {
            return entry == DolEntry{kUnpredictable, kUnpredictableBytes};
        });
        if (!fresh) {
            return fail(Errc::Denied, "the card does not ask for a random number");
        }
        return buildDolData(*entries, terminalValues(m_application.facts.today, unpredictable));
    }

    /// Asks for a cryptogram that is signed, and ends what that began, whatever it proved.
    [[nodiscard]] Result<void> combine(const RsaKey& card)
    {
        const auto unpredictable = randomBytes(kUnpredictableBytes);
        const auto values = answerTo(value(kCdol1), unpredictable);
        if (!values) {
            return tl::unexpected(values.error());
        }
        const auto answer = m_link.exchange(requestSignedCryptogram(*values));
        if (!answer) {
            m_cut = answer.error();
            return tl::unexpected(answer.error());
        }
        if (!answer->ok()) {
            return fail(Errc::Unsupported,
                        fmt::format("the card makes no cryptogram: status {:04X}", answer->status));
        }
        const auto cryptogram = parseCryptogramAnswer(answer->data.reveal());
        if (cryptogram && cryptogram->type() == CryptogramType::Aac) {
            return fail(Errc::Unsupported, "the card declines (AAC), which it does not sign");
        }
        decline();
        if (!cryptogram) {
            return tl::unexpected(cryptogram.error());
        }
        if (cryptogram->type() != CryptogramType::Arqc) {
            return fail(Errc::Denied, "the card made a cryptogram that it was not asked for");
        }
        return verifyCombinedData(card, *cryptogram,
                                  {m_application.pdolValues, *values, unpredictable});
    }

    /// The card's word on it changes nothing.
    void decline()
    {
        const auto entries = parseDol(value(kCdol2));
        if (!entries || entries->empty()) {
            return;
        }
        const auto values = buildDolData(
            *entries, terminalValues(m_application.facts.today, randomBytes(kUnpredictableBytes)));
        const auto answer = m_link.exchange(declineTransaction(values));
        if (!answer) {
            m_cut = answer.error();
        }
    }

    [[nodiscard]] Result<void> challenge(const RsaKey& card)
    {
        const auto list = value(kDynamicList);
        const auto unpredictable = randomBytes(kUnpredictableBytes);
        const auto data =
            list.empty() ? Result<Bytes>(unpredictable) : answerTo(list, unpredictable);
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

Result<Authentication> authenticate(ApduLink& link, const AuthenticationTerms& terms,
                                    const ReadApplication& application)
{
    Authentication result{.method = methodOf(terms, application)};
    if (result.method == AuthenticationMethod::None) {
        result.reason = "the card offers no offline data authentication";
        return result;
    }
    if (result.method == AuthenticationMethod::Combined && !canCombine(terms, application)) {
        result.reason = terms.combined
                            ? "the card does not say what it makes a cryptogram of (CDOL1)"
                            : "the card offers nothing but combined data authentication";
        return result;
    }
    const auto* index = findTag(application.objects, kKeyIndex);
    const auto* key =
        index == nullptr || index->value.size() != 1 || application.name.size() < kProvider
            ? nullptr
            : terms.schemes.find(application.name.first(kProvider),
                                 std::to_integer<unsigned>(index->value[0]),
                                 application.facts.today);
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
