// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/ciphers.h"

#include <array>
#include <string>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "drivers/mrtd/tlv.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::mrtd {
namespace {

using CipherContext = UniqueHandle<EVP_CIPHER_CTX*, EVP_CIPHER_CTX_free>;
using MacAlgorithm = UniqueHandle<EVP_MAC*, EVP_MAC_free>;
using MacContext = UniqueHandle<EVP_MAC_CTX*, EVP_MAC_CTX_free>;

constexpr std::size_t kDesBlock = 8, kDesKey = 8, kMacBytes = 8;
constexpr std::byte kPaddingStart{0x80};

const unsigned char* raw(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

const EVP_CIPHER* cbcOf(Cipher cipher)
{
    switch (cipher) {
    case Cipher::TripleDes:
        return EVP_des_ede_cbc();
    case Cipher::Aes128:
        return EVP_aes_128_cbc();
    case Cipher::Aes192:
        return EVP_aes_192_cbc();
    case Cipher::Aes256:
        return EVP_aes_256_cbc();
    }
    return nullptr;
}

enum class Direction { Decrypt = 0, Encrypt = 1 };

Result<Bytes> crypt(const EVP_CIPHER* algorithm, Direction direction, ByteView key, ByteView vector,
                    ByteView input)
{
    const auto block = static_cast<std::size_t>(EVP_CIPHER_get_block_size(algorithm));
    const Bytes zeros(block);
    if (vector.empty()) {
        vector = zeros;
    }
    if (key.size() != static_cast<std::size_t>(EVP_CIPHER_get_key_length(algorithm)) ||
        vector.size() != block || input.size() % block != 0) {
        return fail(Errc::Internal, "mrtd cipher: key or data of a wrong length");
    }
    const CipherContext context(EVP_CIPHER_CTX_new());
    Bytes output(input.size() + block);
    int written = 0;
    if (!context ||
        EVP_CipherInit_ex(context.get(), algorithm, nullptr, raw(key), raw(vector),
                          static_cast<int>(direction)) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_CipherUpdate(context.get(), raw(output), &written, raw(input),
                         static_cast<int>(input.size())) != 1) {
        return fail(Errc::Internal, "mrtd cipher: refused by the library");
    }
    output.resize(input.size());
    return output;
}

/// CBC with single DES under the first half of the key, the last block in Triple DES: the same as
/// E(K1), D(K2), E(K1) at the end.
Result<Bytes> retailMac(ByteView key, ByteView message)
{
    if (key.size() != 2 * kDesKey || message.empty() || message.size() % kDesBlock != 0) {
        return fail(Errc::Internal, "retail MAC: key or message of a wrong length");
    }
    const auto front = message.first(message.size() - kDesBlock);
    Bytes chain;
    if (!front.empty()) {
        const auto first = key.first(kDesKey);
        const SecretBytes tripled(joined({first, first, first}));
        auto chained = crypt(EVP_des_ede3_cbc(), Direction::Encrypt, tripled.reveal(), {}, front);
        if (!chained) {
            return chained;
        }
        chain.assign(chained->end() - kDesBlock, chained->end());
    }
    return crypt(EVP_des_ede_cbc(), Direction::Encrypt, key, chain, message.last(kDesBlock));
}

Result<Bytes> cmac(Cipher cipher, ByteView key, ByteView message)
{
    const MacAlgorithm algorithm(EVP_MAC_fetch(nullptr, "CMAC", nullptr));
    const MacContext context(algorithm ? EVP_MAC_CTX_new(algorithm.get()) : nullptr);
    std::string name = EVP_CIPHER_get0_name(cbcOf(cipher));
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name.data(), 0),
        OSSL_PARAM_construct_end()};
    Bytes whole(blockBytes(cipher));
    std::size_t written = 0;
    if (!context || EVP_MAC_init(context.get(), raw(key), key.size(), parameters.data()) != 1 ||
        EVP_MAC_update(context.get(), raw(message), message.size()) != 1 ||
        EVP_MAC_final(context.get(), raw(whole), &written, whole.size()) != 1) {
        return fail(Errc::Internal, "CMAC: refused by the library");
    }
    whole.resize(kMacBytes);
    return whole;
}

} // namespace

std::size_t keyBytes(Cipher cipher)
{
    return static_cast<std::size_t>(EVP_CIPHER_get_key_length(cbcOf(cipher)));
}

std::size_t blockBytes(Cipher cipher)
{
    return static_cast<std::size_t>(EVP_CIPHER_get_block_size(cbcOf(cipher)));
}

Result<Bytes> encrypt(Cipher cipher, ByteView key, ByteView vector, ByteView plain)
{
    return crypt(cbcOf(cipher), Direction::Encrypt, key, vector, plain);
}

Result<SecretBytes> decrypt(Cipher cipher, ByteView key, ByteView vector, ByteView secret)
{
    return crypt(cbcOf(cipher), Direction::Decrypt, key, vector, secret).map([](Bytes&& plain) {
        return SecretBytes(std::move(plain));
    });
}

Result<Bytes> macOf(Cipher cipher, ByteView key, ByteView message)
{
    return cipher == Cipher::TripleDes ? retailMac(key, message) : cmac(cipher, key, message);
}

Bytes padded(ByteView data, std::size_t block)
{
    Bytes whole;
    whole.reserve(data.size() + block);
    whole.assign(data.begin(), data.end());
    whole.push_back(kPaddingStart);
    whole.resize((whole.size() + block - 1) / block * block);
    return whole;
}

Result<ByteView> withoutPadding(ByteView data)
{
    while (!data.empty() && data.back() == std::byte{0}) {
        data = data.first(data.size() - 1);
    }
    if (data.empty() || data.back() != kPaddingStart) {
        return fail(Errc::Protocol, "no padding behind the data");
    }
    return data.first(data.size() - 1);
}

Result<Bytes> digestOf(const EVP_MD* algorithm, ByteView data)
{
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    if (EVP_Digest(data.data(), data.size(), raw(digest), &length, algorithm, nullptr) != 1) {
        return fail(Errc::Internal, "digest: refused by the library");
    }
    digest.resize(length);
    return digest;
}

Result<Bytes> sha1(ByteView data)
{
    return digestOf(EVP_sha1(), data);
}

bool equalSecretly(ByteView one, ByteView other)
{
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace guichet::mrtd
