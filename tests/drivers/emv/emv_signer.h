// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "drivers/emv/offline_authentication.h"
#include "peripherals/base/unique_handle.h"
#include "tests/drivers/support/hex_text.h"

namespace guichet::test {

inline Bytes join(std::initializer_list<ByteView> parts)
{
    Bytes all;
    for (const auto part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

/// Whoever signs: a scheme, an issuer or a card. Written from EMV Book 2, apart from the driver.
class Signer {
public:
    explicit Signer(unsigned bits)
        : m_key(EVP_RSA_gen(bits))
    {
        REQUIRE(m_key);
    }
    [[nodiscard]] emv::RsaKey publicKey() const
    {
        return {part(OSSL_PKEY_PARAM_RSA_N), part(OSSL_PKEY_PARAM_RSA_E)};
    }
    [[nodiscard]] std::size_t size() const { return part(OSSL_PKEY_PARAM_RSA_N).size(); }
    /// 6A, the content, BB up to the full size, the hash over all that and what stands outside, BC.
    [[nodiscard]] Bytes sign(ByteView content, ByteView outside) const
    {
        Bytes block = join({content});
        REQUIRE(block.size() <= size() - 22);
        block.resize(size() - 22, std::byte{0xBB});
        const auto covered = join({block, outside});
        Bytes hash(20);
        REQUIRE(EVP_Digest(covered.data(), covered.size(),
                           reinterpret_cast<unsigned char*>(hash.data()), nullptr, EVP_sha1(),
                           nullptr) == 1);
        return raw(join({bytes("6A"), block, hash, bytes("BC")}));
    }

private:
    using Number = UniqueHandle<BIGNUM*, BN_free>;

    [[nodiscard]] Number number(const char* name) const
    {
        BIGNUM* value = nullptr;
        REQUIRE(EVP_PKEY_get_bn_param(m_key.get(), name, &value) == 1);
        return Number(value);
    }
    [[nodiscard]] Bytes part(const char* name) const
    {
        const auto value = number(name);
        Bytes all(static_cast<std::size_t>(BN_num_bytes(value.get())));
        BN_bn2bin(value.get(), reinterpret_cast<unsigned char*>(all.data()));
        return all;
    }
    [[nodiscard]] Bytes raw(ByteView block) const
    {
        const UniqueHandle<BN_CTX*, BN_CTX_free> context(BN_CTX_new());
        const Number in(BN_bin2bn(reinterpret_cast<const unsigned char*>(block.data()),
                                  static_cast<int>(block.size()), nullptr));
        const Number out(BN_new());
        REQUIRE(BN_mod_exp(out.get(), in.get(), number(OSSL_PKEY_PARAM_RSA_D).get(),
                           number(OSSL_PKEY_PARAM_RSA_N).get(), context.get()) == 1);
        Bytes all(block.size());
        BN_bn2binpad(out.get(), reinterpret_cast<unsigned char*>(all.data()),
                     static_cast<int>(all.size()));
        return all;
    }

    UniqueHandle<EVP_PKEY*, EVP_PKEY_free> m_key;
};

} // namespace guichet::test
