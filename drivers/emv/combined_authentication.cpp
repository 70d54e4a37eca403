// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/combined_authentication.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "drivers/emv/sha1.h"
#include "drivers/emv/tlv.h"

namespace guichet::emv {
namespace {

constexpr std::uint32_t kFormatOneAnswer = 0x80, kFormatTwoAnswer = 0x77, kInformation = 0x9f27,
                        kCounter = 0x9f36, kSignature = 0x9f4b;
constexpr std::size_t kCryptogramBytes = 8;
constexpr std::size_t kShortestFormatOne = 1 + 2 + kCryptogramBytes; ///< type, counter, cryptogram

unsigned first(ByteView value)
{
    return std::to_integer<unsigned>(value[0]);
}

/// The one object with this tag, of this length; any length if that is 0.
Result<ByteView> single(const std::vector<Tlv>& objects, std::uint32_t tag, std::size_t length)
{
    const Tlv* found = nullptr;
    for (const auto& object : objects) {
        if (object.tag != tag) {
            continue;
        }
        if (found != nullptr) {
            return fail(Errc::Protocol, fmt::format("cryptogram: tag {:X} twice", tag));
        }
        found = &object;
    }
    if (found == nullptr || (length != 0 && found->value.size() != length)) {
        return fail(Errc::Protocol, fmt::format("cryptogram: without tag {:X}", tag));
    }
    return found->value;
}

Result<CryptogramAnswer> parseFormatTwo(const std::vector<Tlv>& objects)
{
    const auto information = single(objects, kInformation, 1);
    const auto counter = single(objects, kCounter, 2);
    if (!information || !counter) {
        return tl::unexpected(information ? counter.error() : information.error());
    }
    CryptogramAnswer answer{.informationData = first(*information), .signature = {}, .covered = {}};
    for (const auto& object : objects) {
        if (object.tag != kSignature) {
            answer.covered.insert(answer.covered.end(), object.encoded.begin(),
                                  object.encoded.end());
            continue;
        }
        const auto signature = single(objects, kSignature, 0);
        if (!signature) {
            return tl::unexpected(signature.error());
        }
        answer.signature = *signature;
    }
    return answer;
}

/// What a card signs of its cryptogram (Book 2, table 19).
struct SignedCryptogram {
    unsigned informationData = 0;
    ByteView transactionHash;
};

Result<SignedCryptogram> readSigned(ByteView dynamicData)
{
    constexpr std::size_t kShortestNumber = 2, kLongestNumber = 8;
    const std::size_t number = dynamicData.empty() ? 0 : first(dynamicData);
    if (number < kShortestNumber || number > kLongestNumber ||
        dynamicData.size() < 1 + number + 1 + kCryptogramBytes + kSha1Bytes) {
        return fail(Errc::Denied, "the signature is of no cryptogram");
    }
    const auto behindNumber = dynamicData.subspan(1 + number);
    return SignedCryptogram{first(behindNumber),
                            behindNumber.subspan(1 + kCryptogramBytes, kSha1Bytes)};
}

} // namespace

CryptogramType CryptogramAnswer::type() const
{
    constexpr std::array kTypes{CryptogramType::Aac, CryptogramType::Tc, CryptogramType::Arqc,
                                CryptogramType::Reserved};
    return kTypes.at((informationData >> 6) & 3);
}

Result<CryptogramAnswer> parseCryptogramAnswer(ByteView answer)
{
    const auto objects = parseTlv(answer);
    if (!objects) {
        return tl::unexpected(objects.error());
    }
    if (objects->size() != 1) {
        return fail(Errc::Protocol, fmt::format("cryptogram: {} objects", objects->size()));
    }
    const auto& whole = objects->front();
    if (whole.tag == kFormatTwoAnswer) {
        return parseFormatTwo(whole.children);
    }
    if (whole.tag != kFormatOneAnswer || whole.value.size() < kShortestFormatOne) {
        return fail(Errc::Protocol,
                    fmt::format("cryptogram: {} bytes in tag {:X}", whole.value.size(), whole.tag));
    }
    return CryptogramAnswer{
        .informationData = first(whole.value),
        .signature = {},
        .covered = Bytes(whole.encoded.begin(), whole.encoded.end()),
    };
}

Result<void> verifyCombinedData(const RsaKey& card, const CryptogramAnswer& answer,
                                const TransactionData& sent)
{
    if (answer.signature.empty()) {
        return fail(Errc::Denied, "the card did not sign its cryptogram");
    }
    const auto dynamicData = recoverDynamicData(card, answer.signature, sent.unpredictable);
    if (!dynamicData) {
        return tl::unexpected(dynamicData.error());
    }
    const auto cryptogram = readSigned(*dynamicData);
    if (!cryptogram) {
        return tl::unexpected(cryptogram.error());
    }
    if (cryptogram->informationData != answer.informationData) {
        return fail(Errc::Denied, "the card signed another kind of cryptogram than it gave");
    }
    Bytes covered;
    for (const auto part : {sent.pdolValues, sent.cdolValues, ByteView(answer.covered)}) {
        covered.insert(covered.end(), part.begin(), part.end());
    }
    const auto hash = sha1(covered);
    if (!hash) {
        return tl::unexpected(hash.error());
    }
    return std::ranges::equal(*hash, cryptogram->transactionHash)
               ? Result<void>()
               : fail(Errc::Denied, "the card signed another transaction");
}

} // namespace guichet::emv
