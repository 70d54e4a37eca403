// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/passport_keys.h"

#include <array>

#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "peripherals/base/random.h"
#include "peripherals/virtual/tlv.h"

namespace guichet::virtualdevices {
namespace {

using Context = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;
using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using Signature = UniqueHandle<ECDSA_SIG*, ECDSA_SIG_free>;

constexpr unsigned kActiveBits = 1024;
constexpr int kHalf = 32; ///< of a signature on a curve of 256 bits

const unsigned char* in(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Bytes signRaw(EVP_PKEY* key, ByteView input)
{
    const Context context(EVP_PKEY_CTX_new(key, nullptr));
    Bytes signature(256);
    auto size = signature.size();
    EVP_PKEY_sign_init(context.get());
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING);
    }
    if (EVP_PKEY_sign(context.get(), out(signature), &size, in(input), input.size()) != 1) {
        return {};
    }
    signature.resize(size);
    return signature;
}

EVP_PKEY* generated(EVP_PKEY_CTX* context)
{
    EVP_PKEY* key = nullptr;
    EVP_PKEY_keygen(context, &key);
    return key;
}

Key primeKey()
{
    char group[] = "dh_2048_256"; // RFC 5114
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_end()};
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "DHX", nullptr));
    EVP_PKEY_keygen_init(context.get());
    EVP_PKEY_CTX_set_params(context.get(), parameters.data());
    return Key(generated(context.get()));
}

} // namespace

UniqueHandle<EVP_PKEY*, EVP_PKEY_free> curveKey(bool explicitCurve)
{
    const Context context(EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
    EVP_PKEY_keygen_init(context.get());
    EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1);
    EVP_PKEY_CTX_set_ec_param_enc(context.get(), explicitCurve ? OPENSSL_EC_EXPLICIT_CURVE
                                                               : OPENSSL_EC_NAMED_CURVE);
    return Key(generated(context.get()));
}

Passport::ChipKeys::ChipKeys(const PassportProfile& profile)
    : chip(profile.chipByPrime ? primeKey() : curveKey(profile.explicitCurve))
{
    if (profile.activeAuthentication == PassportProfile::Active::Rsa) {
        active = Key(EVP_RSA_gen(kActiveBits));
    } else if (profile.activeAuthentication == PassportProfile::Active::Ecdsa) {
        active = curveKey(profile.explicitCurve);
    }
}

Bytes Passport::ChipKeys::publicKey(const Key& key)
{
    unsigned char* encoded = nullptr;
    const auto length = i2d_PUBKEY(key.get(), &encoded);
    const auto view = std::as_bytes(std::span(encoded, static_cast<std::size_t>(length)));
    Bytes bytes(view.begin(), view.end());
    OPENSSL_free(encoded);
    return bytes;
}

Bytes Passport::ChipKeys::agree(ByteView terminalKey) const
{
    const Key peer(EVP_PKEY_new());
    EVP_PKEY_copy_parameters(peer.get(), chip.get());
    if (EVP_PKEY_set1_encoded_public_key(peer.get(), in(terminalKey), terminalKey.size()) != 1) {
        return {};
    }
    const Context context(EVP_PKEY_CTX_new(chip.get(), nullptr));
    Bytes secret(256);
    auto size = secret.size();
    if (EVP_PKEY_derive_init(context.get()) != 1 ||
        (EVP_PKEY_is_a(chip.get(), "EC") != 1 && EVP_PKEY_CTX_set_dh_pad(context.get(), 1) != 1) ||
        EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), out(secret), &size) != 1) {
        return {};
    }
    secret.resize(size);
    return secret;
}

Bytes Passport::ChipKeys::sign(ByteView challenge) const
{
    if (!active) {
        return {};
    }
    if (EVP_PKEY_is_a(active.get(), "RSA") == 1) {
        constexpr std::size_t kSize = kActiveBits / 8, kHash = 20;
        auto recoverable = randomBytes(kSize - kHash - 2);
        Bytes hashed = recoverable;
        tlv::append(hashed, challenge);
        Bytes input(1, std::byte{0x6A});
        tlv::append(input, recoverable);
        tlv::append(input, passport::sha1(hashed));
        input.push_back(std::byte{0xBC});
        return signRaw(active.get(), input);
    }
    const auto encoded = signRaw(active.get(), passport::sha256(challenge));
    const auto* position = in(encoded);
    const Signature parsed(d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(encoded.size())));
    if (!parsed) {
        return {};
    }
    Bytes plain(2 * kHalf);
    BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out(plain), kHalf);
    BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out(plain) + kHalf, kHalf);
    return plain;
}

} // namespace guichet::virtualdevices
