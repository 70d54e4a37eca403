// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/offline_authentication.h"

#include <algorithm>
#include <string>

#include <openssl/bn.h>

#include "drivers/emv/emv_protocol.h"
#include "drivers/emv/sha1.h"
#include "drivers/emv/tlv.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::emv {
namespace {

using Number = UniqueHandle<BIGNUM*, BN_free>;
using NumberContext = UniqueHandle<BN_CTX*, BN_CTX_free>;

constexpr std::size_t kHash = kSha1Bytes;
constexpr std::size_t kShortestModulus = 64,
                      kLongestModulus = 248; ///< bytes of a modulus (Book 2, annex B2)
constexpr unsigned kHeader = 0x6A, kTrailer = 0xBC;
constexpr unsigned kIssuerFormat = 0x02, kStaticFormat = 0x03, kCardFormat = 0x04,
                   kDynamicFormat = 0x05;
constexpr unsigned kRecordTag = 0x70, kProfileTag = 0x82;

tl::unexpected<Error> denied(std::string_view what, std::string_view why)
{
    return fail(Errc::Denied, std::string(what) + ": " + std::string(why));
}

unsigned at(ByteView bytes, std::size_t index)
{
    return std::to_integer<unsigned>(bytes[index]);
}

Number numberOf(ByteView bytes)
{
    return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                            static_cast<int>(bytes.size()), nullptr));
}

Bytes join(std::initializer_list<ByteView> parts)
{
    Bytes all;
    for (const auto part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

/// What the signer put in: between header and trailer nothing is checked yet.
Result<Bytes> recover(const RsaKey& key, ByteView signature, unsigned format, std::string_view what)
{
    const auto size = key.modulus.size();
    if (size < kShortestModulus || size > kLongestModulus || signature.size() != size ||
        key.exponent.empty() || key.exponent.size() > 3) {
        return denied(what, "is not as long as the key that signed it");
    }
    const auto modulus = numberOf(key.modulus);
    const auto exponent = numberOf(key.exponent);
    const auto signedNumber = numberOf(signature);
    const Number plain(BN_new());
    const NumberContext context(BN_CTX_new());
    Bytes content(size);
    if (!plain || !context ||
        BN_mod_exp(plain.get(), signedNumber.get(), exponent.get(), modulus.get(), context.get()) !=
            1 ||
        BN_bn2binpad(plain.get(), reinterpret_cast<unsigned char*>(content.data()),
                     static_cast<int>(size)) < 0) {
        return denied(what, "the key that signed it is none");
    }
    if (at(content, 0) != kHeader || at(content, size - 1) != kTrailer) {
        return denied(what, "was signed by another key");
    }
    if (at(content, 1) != format) {
        return denied(what, "is a signature of another kind");
    }
    return content;
}

/// Over everything between header and hash, and what was signed without being inside.
Result<void> checkHash(ByteView content, std::initializer_list<ByteView> outside,
                       std::string_view what)
{
    auto covered = join({content.subspan(1, content.size() - kHash - 2)});
    for (const auto part : outside) {
        covered.insert(covered.end(), part.begin(), part.end());
    }
    const auto hash = sha1(covered);
    if (!hash) {
        return tl::unexpected(hash.error());
    }
    return std::ranges::equal(*hash, content.subspan(content.size() - kHash - 1, kHash))
               ? Result<void>()
               : denied(what, "the hash does not fit");
}

Result<void> wantSha1(unsigned algorithm, std::string_view what)
{
    return algorithm == 1 ? Result<void>()
                          : fail(Errc::Unsupported, std::string(what) + ": not SHA-1");
}

/// Digits that fill a field from the left, with F behind them; empty if it holds anything else.
std::string digitsOf(ByteView field)
{
    auto digits = toHex(field);
    digits.erase(std::min(digits.find_last_not_of('F') + 1, digits.size()));
    return digits.find_first_not_of("0123456789") == std::string::npos ? digits : std::string();
}

/// Months count through their last day; years from 50 on are of the last century (Book 4, 6.7.3).
bool isOver(ByteView monthYear, std::chrono::year_month_day today)
{
    const auto digits = digitsOf(monthYear);
    if (digits.size() != 4) {
        return true;
    }
    const auto pair = [&digits](std::size_t from) {
        return (digits[from] - '0') * 10 + (digits[from + 1] - '0');
    };
    const std::chrono::year_month last(std::chrono::year(pair(2) + (pair(2) < 50 ? 2000 : 1900)),
                                       std::chrono::month(static_cast<unsigned>(pair(0))));
    return !last.ok() || last < std::chrono::year_month(today.year(), today.month());
}

struct CertificateKind {
    unsigned format;
    std::size_t identifier; ///< bytes of the digits that name whose it is
    std::string_view name;
};
constexpr CertificateKind kIssuer{kIssuerFormat, 4, "issuer certificate"};
constexpr CertificateKind kCard{kCardFormat, 10, "card certificate"};

bool namesCard(const CertificateKind& kind, ByteView identifier, std::string_view number)
{
    const auto digits = digitsOf(identifier);
    return kind.format == kIssuerFormat
               ? digits.size() >= 3 && digits.size() <= 8 && number.starts_with(digits)
               : !digits.empty() && digits == number;
}

Result<RsaKey> recoverKey(const RsaKey& signer, const KeyCertificate& given,
                          const CertificateKind& kind, ByteView staticData, const CardFacts& card)
{
    const auto content = recover(signer, given.certificate, kind.format, kind.name);
    if (!content) {
        return tl::unexpected(content.error());
    }
    const ByteView whole(*content);
    const auto behind = 2 + kind.identifier; // month and year, then the serial number
    const auto algorithms = behind + 2 + 3;
    const auto digits = algorithms + 4;
    if (whole.size() < digits + kHash + 1) {
        return denied(kind.name, "is too short");
    }
    if (auto known = wantSha1(at(whole, algorithms), kind.name); !known) {
        return tl::unexpected(known.error());
    }
    if (at(whole, algorithms + 1) != 1) {
        return fail(Errc::Unsupported, std::string(kind.name) + ": not RSA");
    }
    if (auto sound = checkHash(whole, {given.remainder, given.exponent, staticData}, kind.name);
        !sound) {
        return tl::unexpected(sound.error());
    }
    if (!namesCard(kind, whole.subspan(2, kind.identifier), card.number)) {
        return denied(kind.name, "was made for another card number");
    }
    if (isOver(whole.subspan(behind, 2), card.today)) {
        return denied(kind.name, "is over");
    }
    const std::size_t length = at(whole, algorithms + 2);
    const auto room = whole.size() - digits - kHash - 1;
    const auto outside = length > room ? length - room : 0;
    if (given.remainder.size() != outside || given.exponent.size() != at(whole, algorithms + 3)) {
        return denied(kind.name, "its key is not as long as it says");
    }
    const auto inside = whole.subspan(digits, std::min(length, room));
    return RsaKey{join({inside, given.remainder}), join({given.exponent})};
}

constexpr std::string_view kDynamicWhat = "dynamic signature";

Result<Bytes> recoverDynamicBlock(const RsaKey& card, ByteView signature, ByteView terminalData)
{
    return recover(card, signature, kDynamicFormat, kDynamicWhat).and_then([&](Bytes block) {
        return wantSha1(at(block, 2), kDynamicWhat)
            .and_then([&] { return checkHash(block, {terminalData}, kDynamicWhat); })
            .map([&] { return std::move(block); });
    });
}

} // namespace

Result<RsaKey> recoverIssuerKey(const RsaKey& scheme, const KeyCertificate& issuer,
                                const CardFacts& card)
{
    return recoverKey(scheme, issuer, kIssuer, {}, card);
}

Result<RsaKey> recoverCardKey(const RsaKey& issuer, const KeyCertificate& card, ByteView staticData,
                              const CardFacts& facts)
{
    return recoverKey(issuer, card, kCard, staticData, facts);
}

Result<void> verifyStaticData(const RsaKey& issuer, ByteView signature, ByteView staticData)
{
    constexpr std::string_view kWhat = "static signature";
    return recover(issuer, signature, kStaticFormat, kWhat).and_then([&](const Bytes& content) {
        return wantSha1(at(content, 2), kWhat).and_then([&] {
            return checkHash(content, {staticData}, kWhat);
        });
    });
}

Result<void> verifyDynamicData(const RsaKey& card, ByteView signature, ByteView terminalData)
{
    return recoverDynamicBlock(card, signature, terminalData).map([](const Bytes&) {});
}

Result<Bytes> recoverDynamicData(const RsaKey& card, ByteView signature, ByteView terminalData)
{
    constexpr std::size_t kLength = 3, kFirst = 4;
    const auto block = recoverDynamicBlock(card, signature, terminalData);
    if (!block) {
        return block;
    }
    const auto length = at(*block, kLength);
    if (length > block->size() - kFirst - kHash - 1) {
        return denied(kDynamicWhat, "its data is not as long as it says");
    }
    return join({ByteView(*block).subspan(kFirst, length)});
}

Result<Bytes> staticDataOf(const std::vector<SignedRecord>& records, ByteView tagList,
                           ByteView interchangeProfile)
{
    constexpr std::string_view kWhat = "static data";
    Bytes data;
    for (const auto& each : records) {
        const auto parsed = parseTlv(each.record);
        if (!parsed || parsed->size() != 1 || parsed->front().tag != kRecordTag) {
            return denied(kWhat, "a signed record is none");
        }
        const auto part = each.shortFileId <= kLastPlainFile ? parsed->front().value : each.record;
        data.insert(data.end(), part.begin(), part.end());
    }
    if (tagList.empty()) {
        return data;
    }
    if (tagList.size() != 1 || at(tagList, 0) != kProfileTag) {
        return denied(kWhat, "the card signs more than may be signed");
    }
    data.insert(data.end(), interchangeProfile.begin(), interchangeProfile.end());
    return data;
}

} // namespace guichet::emv
