// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/chip_authentication.h"

#include <algorithm>

#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "drivers/mrtd/key_derivation.h"
#include "drivers/mrtd/tlv.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::mrtd {
namespace {

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using KeyContext = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;

constexpr std::size_t kAgreementPlace = 8; ///< of a protocol identifier: 1 DH, 2 ECDH

struct Choice {
    const ChipPublicKey* key;
    Bytes protocol;
    Cipher cipher;
};

bool fits(const ChipAuthenticationInfo& info, const ChipPublicKey& key)
{
    const auto agreement = std::to_integer<unsigned>(info.protocol[kAgreementPlace]);
    return agreement == (key.ecdh ? 2U : 1U) && info.keyId == key.keyId;
}

/// The strongest pair of a key and a protocol for it. A key without one is for Triple DES.
std::optional<Choice> choose(const SecurityInfos& infos)
{
    std::optional<Choice> best;
    for (const auto& key : infos.chipKeys) {
        for (const auto& info : infos.chipAuthentication) {
            if (fits(info, key) && (!best || info.cipher > best->cipher)) {
                best = Choice{&key, info.protocol, info.cipher};
            }
        }
    }
    if (!best && !infos.chipKeys.empty()) {
        best = Choice{&infos.chipKeys.front(), {}, Cipher::TripleDes};
    }
    return best;
}

struct Agreed {
    Bytes publicKey;
    SecretBytes secret;
};

/// A new pair in the group of the chip's key, and what both agree on.
std::optional<Agreed> agreeWith(const ChipPublicKey& chip)
{
    const auto* position = reinterpret_cast<const unsigned char*>(chip.key.data());
    const Key theirs(d2i_PUBKEY(nullptr, &position, static_cast<long>(chip.key.size())));
    const KeyContext making(theirs ? EVP_PKEY_CTX_new(theirs.get(), nullptr) : nullptr);
    EVP_PKEY* made = nullptr;
    if (!making || EVP_PKEY_keygen_init(making.get()) != 1 ||
        EVP_PKEY_keygen(making.get(), &made) != 1) {
        return std::nullopt;
    }
    const Key own(made);
    unsigned char* encoded = nullptr;
    const auto encodedSize = EVP_PKEY_get1_encoded_public_key(own.get(), &encoded);
    const auto view = std::as_bytes(std::span(encoded, encodedSize));
    Bytes publicKey(view.begin(), view.end());
    OPENSSL_free(encoded);

    const KeyContext agreeing(EVP_PKEY_CTX_new(own.get(), nullptr));
    std::size_t size = 0;
    if (publicKey.empty() || !agreeing || EVP_PKEY_derive_init(agreeing.get()) != 1 ||
        (!chip.ecdh && EVP_PKEY_CTX_set_dh_pad(agreeing.get(), 1) != 1) ||
        EVP_PKEY_derive_set_peer(agreeing.get(), theirs.get()) != 1 ||
        EVP_PKEY_derive(agreeing.get(), nullptr, &size) != 1) {
        return std::nullopt;
    }
    Bytes secret(size);
    const bool derived =
        EVP_PKEY_derive(agreeing.get(), reinterpret_cast<unsigned char*>(secret.data()), &size) ==
        1;
    secret.resize(size);
    SecretBytes kept(std::move(secret));
    return derived ? std::optional(Agreed{std::move(publicKey), std::move(kept)}) : std::nullopt;
}

bool isTheCardGone(const Error& error)
{
    return error.code == Errc::Disconnected || error.code == Errc::Cancelled ||
           error.code == Errc::Timeout;
}

Result<Check> failedUnlessGone(const Error& error, std::string_view step)
{
    if (isTheCardGone(error)) {
        return fail(error, step);
    }
    return failed("the chip broke off: " + error.detail);
}

Bytes keyReference(const ChipPublicKey& key)
{
    return key.keyId ? makeObject(0x84, Bytes(1, static_cast<std::byte>(*key.keyId))) : Bytes{};
}

/// MSE:Set KAT for Triple DES; MSE:Set AT and GENERAL AUTHENTICATE for AES. The last status word.
Result<CardAnswer> sendKey(CardLink& link, const Choice& choice, ByteView publicKey)
{
    if (choice.cipher == Cipher::TripleDes) {
        return link.exchange({0x00, 0x22, 0x41, 0xA6,
                              joined({makeObject(0x91, publicKey), keyReference(*choice.key)})});
    }
    auto chosen =
        link.exchange({0x00, 0x22, 0x41, 0xA4,
                       joined({makeObject(0x80, choice.protocol), keyReference(*choice.key)})});
    if (!chosen || !chosen->ok()) {
        return chosen;
    }
    return link.exchange(
        {0x00, 0x86, 0x00, 0x00, makeObject(0x7C, makeObject(0x80, publicKey)), kShortAnswer});
}

} // namespace

Result<Check> authenticateChip(CardLink& link, const SecurityInfos& infos)
{
    constexpr std::string_view kStep = "chip authentication";
    const auto choice = choose(infos);
    if (!choice) {
        return notChecked("the document offers no chip authentication");
    }
    const auto agreed = agreeWith(*choice->key);
    if (!agreed) {
        ERR_clear_error();
        return failed("the chip's public key in DG14 is none that can be used");
    }
    const auto answer = sendKey(link, *choice, agreed->publicKey);
    if (!answer) {
        return failedUnlessGone(answer.error(), kStep);
    }
    if (!answer->ok()) {
        return failed("the chip refuses: it says " + statusText(answer->status));
    }
    auto encryption = deriveKey(agreed->secret.reveal(), KeyUse::Encryption, choice->cipher);
    auto mac = deriveKey(agreed->secret.reveal(), KeyUse::Mac, choice->cipher);
    if (!encryption || !mac) {
        return tl::unexpected(encryption ? mac.error() : encryption.error());
    }
    link.secure(SecureMessaging(choice->cipher, std::move(*encryption), std::move(*mac)));
    const auto proof = link.exchange({0x00, 0xA4, 0x02, 0x0C, {std::byte{0x01}, std::byte{0x1E}}});
    if (!proof) {
        return isTheCardGone(proof.error())
                   ? Result<Check>(fail(proof.error(), kStep))
                   : failed("the chip does not hold the key of DG14: it may be a copy");
    }
    return passed("the chip holds the key of DG14");
}

} // namespace guichet::mrtd
