// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/active_authentication.h"

#include <algorithm>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "drivers/mrtd/tlv.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::mrtd {
namespace {

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using KeyContext = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;
using Signature = UniqueHandle<ECDSA_SIG*, ECDSA_SIG_free>;

constexpr std::byte kHeader{0x6A}, kImplicit{0xBC}, kExplicit{0xCC};

const unsigned char* octets(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Key keyFrom(ByteView info)
{
    const auto* position = octets(info);
    return Key(d2i_PUBKEY(nullptr, &position, static_cast<long>(info.size())));
}

/// By the last byte, or the one before a last byte CC (ISO/IEC 9796-2; ISO/IEC 10118).
const EVP_MD* trailerHash(unsigned identifier)
{
    switch (identifier) {
    case 0x33:
        return EVP_sha1();
    case 0x34:
        return EVP_sha256();
    case 0x35:
        return EVP_sha512();
    case 0x36:
        return EVP_sha384();
    case 0x38:
        return EVP_sha224();
    default:
        return nullptr;
    }
}

const EVP_MD* plainHash(std::optional<PlainHash> hash)
{
    switch (hash.value_or(PlainHash::Sha1)) {
    case PlainHash::Sha224:
        return EVP_sha224();
    case PlainHash::Sha256:
        return EVP_sha256();
    case PlainHash::Sha384:
        return EVP_sha384();
    case PlainHash::Sha512:
        return EVP_sha512();
    case PlainHash::Sha1:
        break;
    }
    return EVP_sha1();
}

Check judged(bool fits)
{
    return fits ? passed("the chip holds the key of DG15")
                : failed("the chip does not hold the key of DG15: it may be a copy");
}

Check verifyRsa(EVP_PKEY* key, ByteView challenge, ByteView signature)
{
    const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
    Bytes content(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
    std::size_t size = content.size();
    if (!context || EVP_PKEY_verify_recover_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1 ||
        EVP_PKEY_verify_recover(context.get(), reinterpret_cast<unsigned char*>(content.data()),
                                &size, octets(signature), signature.size()) != 1 ||
        size != content.size() || size < 3) {
        ERR_clear_error();
        return judged(false);
    }
    const ByteView whole(content);
    const bool isExplicit = whole.back() == kExplicit;
    const auto* algorithm =
        isExplicit ? trailerHash(std::to_integer<unsigned>(whole[size - 2])) : EVP_sha1();
    if (whole.front() != kHeader || (!isExplicit && whole.back() != kImplicit)) {
        return judged(false);
    }
    if (algorithm == nullptr) {
        return notChecked("active authentication with an unknown hash");
    }
    const auto hashSize = static_cast<std::size_t>(EVP_MD_get_size(algorithm));
    const std::size_t trailer = isExplicit ? 2 : 1;
    if (size < 1 + hashSize + trailer) {
        return judged(false);
    }
    const auto recovered = whole.subspan(1, size - 1 - hashSize - trailer);
    const auto hash = whole.subspan(size - hashSize - trailer, hashSize);
    const auto wanted = digestOf(algorithm, joined({recovered, challenge}));
    return judged(wanted && std::ranges::equal(*wanted, hash));
}

Check verifyEcdsa(EVP_PKEY* key, const EVP_MD* algorithm, ByteView challenge, ByteView signature)
{
    const auto hash = digestOf(algorithm, challenge);
    const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
    if (!hash || !context || EVP_PKEY_verify_init(context.get()) != 1) {
        return notChecked("active authentication: refused by the library");
    }
    const auto verified = [&](ByteView encoded) {
        return EVP_PKEY_verify(context.get(), octets(encoded), encoded.size(), octets(*hash),
                               hash->size()) == 1;
    };
    bool fits = verified(signature);
    if (!fits && signature.size() >= 2 && signature.size() % 2 == 0) {
        const auto half = signature.size() / 2;
        const Signature plain(ECDSA_SIG_new());
        auto* r = BN_bin2bn(octets(signature), static_cast<int>(half), nullptr);
        auto* s = BN_bin2bn(octets(signature.subspan(half)), static_cast<int>(half), nullptr);
        if (plain && ECDSA_SIG_set0(plain.get(), r, s) == 1) {
            unsigned char* encoded = nullptr;
            const auto size = i2d_ECDSA_SIG(plain.get(), &encoded);
            fits = size > 0 &&
                   verified(std::as_bytes(std::span(encoded, static_cast<std::size_t>(size))));
            OPENSSL_free(encoded);
        } else {
            BN_free(r);
            BN_free(s);
        }
    }
    ERR_clear_error();
    return judged(fits);
}

} // namespace

Check verifyActive(ByteView key, std::optional<PlainHash> hash, ByteView challenge,
                   ByteView signature)
{
    const auto parsed = keyFrom(key);
    if (!parsed) {
        ERR_clear_error();
        return failed("the key of DG15 is none");
    }
    if (EVP_PKEY_is_a(parsed.get(), "RSA") == 1) {
        return verifyRsa(parsed.get(), challenge, signature);
    }
    if (EVP_PKEY_is_a(parsed.get(), "EC") == 1) {
        return verifyEcdsa(parsed.get(), plainHash(hash), challenge, signature);
    }
    return notChecked("the key of DG15 is neither for RSA nor for ECDSA");
}

Result<Check> authenticateActively(CardLink& link, ByteView key, std::optional<PlainHash> hash,
                                   const RandomSource& random)
{
    constexpr std::size_t kRoomForSeal = 50;
    const auto parsed = keyFrom(key);
    if (!parsed) {
        ERR_clear_error();
        return failed("the key of DG15 is none");
    }
    const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(parsed.get()));
    const auto challenge = random(kActiveChallenge);
    const auto answer =
        link.exchange({0x00, 0x88, 0x00, 0x00, challenge,
                       size + kRoomForSeal > kShortAnswer ? kLongestAnswer : kShortAnswer});
    if (!answer) {
        const auto code = answer.error().code;
        if (code == Errc::Disconnected || code == Errc::Cancelled || code == Errc::Timeout) {
            return fail(answer.error(), "active authentication");
        }
        return failed("the chip broke off: " + answer.error().detail);
    }
    if (!answer->ok()) {
        return failed("the chip refuses: it says " + statusText(answer->status));
    }
    return verifyActive(key, hash, challenge, answer->data.reveal());
}

} // namespace guichet::mrtd
