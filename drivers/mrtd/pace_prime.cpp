// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "drivers/mrtd/pace_numbers.h"

namespace guichet::mrtd {
namespace {

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using KeyContext = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;

class PrimeGroup final : public PaceGroup {
public:
    PrimeGroup(Number prime, Number order, Number generator)
        : m_context(BN_CTX_secure_new())
        , m_prime(std::move(prime))
        , m_order(std::move(order))
        , m_generator(std::move(generator))
    {
    }

    [[nodiscard]] Result<KeyPair> generate(const RandomSource& random) const override
    {
        auto drawn = drawBelow(m_order.get(), random);
        if (!drawn) {
            return tl::unexpected(drawn.error());
        }
        const auto power = raised(m_generator.get(), drawn->reveal());
        auto encoded = power ? bytesOf(power->get(), publicBytes())
                             : Result<Bytes>(tl::unexpected(power.error()));
        if (!encoded) {
            return tl::unexpected(encoded.error());
        }
        return KeyPair{std::move(*drawn), std::move(*encoded)};
    }

    [[nodiscard]] Result<SecretBytes> agree(const KeyPair& own, ByteView theirs) const override
    {
        const auto shared = sharedNumber(own, theirs);
        if (!shared) {
            return tl::unexpected(shared.error());
        }
        return bytesOf(shared->get(), publicBytes()).map([](Bytes&& bytes) {
            return SecretBytes(std::move(bytes));
        });
    }

    Result<void> map(ByteView nonce, const KeyPair& own, ByteView theirs) override
    {
        const auto shared = sharedNumber(own, theirs);
        if (!shared) {
            return tl::unexpected(shared.error());
        }
        auto generator = raised(m_generator.get(), nonce);
        if (!generator) {
            return tl::unexpected(generator.error());
        }
        if (BN_mod_mul(generator->get(), generator->get(), shared->get(), m_prime.get(),
                       m_context.get()) != 1 ||
            BN_is_one(generator->get()) || BN_is_zero(generator->get())) {
            return refusedByLibrary("generic mapping");
        }
        m_generator = std::move(*generator);
        return {};
    }

    [[nodiscard]] std::size_t publicBytes() const override
    {
        return static_cast<std::size_t>(BN_num_bytes(m_prime.get()));
    }
    [[nodiscard]] std::uint32_t publicTag() const override { return 0x84; }

private:
    [[nodiscard]] Result<Number> raised(const BIGNUM* base, ByteView exponent) const
    {
        const auto number = numberOf(exponent);
        Number power(BN_new());
        if (!number || !power) {
            return refusedByLibrary("power");
        }
        BN_set_flags(number.get(), BN_FLG_CONSTTIME);
        if (BN_mod_exp(power.get(), base, number.get(), m_prime.get(), m_context.get()) != 1) {
            return refusedByLibrary("power");
        }
        return power;
    }

    [[nodiscard]] Result<Number> sharedNumber(const KeyPair& own, ByteView theirs) const
    {
        const auto their = numberOf(theirs);
        const Number check(BN_new());
        if (!their || !check) {
            return refusedByLibrary("shared number");
        }
        if (theirs.size() > publicBytes() || BN_cmp(their.get(), m_prime.get()) >= 0 ||
            BN_is_zero(their.get()) || BN_is_one(their.get()) ||
            BN_mod_exp(check.get(), their.get(), m_order.get(), m_prime.get(), m_context.get()) !=
                1 ||
            !BN_is_one(check.get())) {
            return notInGroup();
        }
        return raised(their.get(), own.privateNumber.reveal());
    }

    NumberContext m_context;
    Number m_prime;
    Number m_order;
    Number m_generator;
};

} // namespace

Result<std::unique_ptr<PaceGroup>> primeGroup(unsigned parameterId)
{
    constexpr std::array kNames{"dh_1024_160", "dh_2048_224", "dh_2048_256"}; // RFC 5114
    if (parameterId >= kNames.size()) {
        return fail(Errc::Unsupported, fmt::format("unknown prime group {}", parameterId));
    }
    std::string name = kNames[parameterId];
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0),
        OSSL_PARAM_construct_end()};
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DHX", nullptr));
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEY_PARAMETERS, parameters.data()) != 1) {
        return refusedByLibrary(name);
    }
    const Key key(made);
    BIGNUM *prime = nullptr, *order = nullptr, *generator = nullptr;
    const bool whole = EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_FFC_P, &prime) == 1 &&
                       EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_FFC_Q, &order) == 1 &&
                       EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_FFC_G, &generator) == 1;
    Number ownedPrime(prime), ownedOrder(order), ownedGenerator(generator);
    if (!whole) {
        return refusedByLibrary(name);
    }
    return std::make_unique<PrimeGroup>(std::move(ownedPrime), std::move(ownedOrder),
                                        std::move(ownedGenerator));
}

} // namespace guichet::mrtd
