// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/pace_group.h"

#include <array>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::mrtd {
namespace {

using Number = UniqueHandle<BIGNUM*, BN_clear_free>;
using NumberContext = UniqueHandle<BN_CTX*, BN_CTX_free>;
using Curve = UniqueHandle<EC_GROUP*, EC_GROUP_free>;
using Point = UniqueHandle<EC_POINT*, EC_POINT_clear_free>;
using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using KeyContext = UniqueHandle<EVP_PKEY_CTX*, EVP_PKEY_CTX_free>;

constexpr int kDraws = 100;

const unsigned char* raw(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Number numberOf(ByteView bytes)
{
    return Number(BN_bin2bn(raw(bytes), static_cast<int>(bytes.size()), nullptr));
}

Result<Bytes> bytesOf(const BIGNUM* number, std::size_t size)
{
    Bytes bytes(size);
    if (BN_bn2binpad(number, raw(bytes), static_cast<int>(size)) < 0) {
        return fail(Errc::Internal, "a number longer than its field");
    }
    return bytes;
}

tl::unexpected<Error> refusedByLibrary(std::string_view what)
{
    ERR_clear_error(); // nobody else in this process is to find it
    return fail(Errc::Internal, fmt::format("{}: refused by the library", what));
}

tl::unexpected<Error> notInGroup()
{
    ERR_clear_error();
    return fail(Errc::Denied, "the chip's public key does not lie in the agreed group");
}

/// Evenly drawn from 1 to `order` - 1.
Result<SecretBytes> drawBelow(const BIGNUM* order, const RandomSource& random)
{
    const auto bits = BN_num_bits(order);
    const auto size = static_cast<std::size_t>(BN_num_bytes(order));
    for (int draw = 0; draw < kDraws; ++draw) {
        auto bytes = random(size);
        if (const auto spare = static_cast<int>(size) * 8 - bits; spare > 0 && !bytes.empty()) {
            bytes[0] &= static_cast<std::byte>(0xFF >> spare);
        }
        SecretBytes drawn(std::move(bytes));
        const auto number = numberOf(drawn.reveal());
        if (number && !BN_is_zero(number.get()) && BN_cmp(number.get(), order) < 0) {
            return drawn;
        }
    }
    return fail(Errc::Internal, "no usable random number");
}

class CurveGroup final : public PaceGroup {
public:
    explicit CurveGroup(Curve curve)
        : m_curve(std::move(curve))
        , m_context(BN_CTX_secure_new())
        , m_fieldBytes((static_cast<std::size_t>(EC_GROUP_get_degree(m_curve.get())) + 7) / 8)
    {
    }

    Result<KeyPair> generate(const RandomSource& random) const override
    {
        auto drawn = drawBelow(EC_GROUP_get0_order(m_curve.get()), random);
        if (!drawn) {
            return tl::unexpected(drawn.error());
        }
        const auto number = numberOf(drawn->reveal());
        const Point point(EC_POINT_new(m_curve.get()));
        Bytes encoded(publicBytes());
        if (!number || !point ||
            EC_POINT_mul(m_curve.get(), point.get(), number.get(), nullptr, nullptr,
                         m_context.get()) != 1 ||
            EC_POINT_point2oct(m_curve.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                               raw(encoded), encoded.size(), m_context.get()) != encoded.size()) {
            return refusedByLibrary("key pair");
        }
        return KeyPair{std::move(*drawn), std::move(encoded)};
    }

    Result<SecretBytes> agree(const KeyPair& own, ByteView theirs) const override
    {
        const auto shared = sharedPoint(own, theirs);
        if (!shared) {
            return tl::unexpected(shared.error());
        }
        const Number x(BN_new());
        if (!x || EC_POINT_get_affine_coordinates(m_curve.get(), shared->get(), x.get(), nullptr,
                                                  m_context.get()) != 1) {
            return refusedByLibrary("shared secret");
        }
        return bytesOf(x.get(), m_fieldBytes).map([](Bytes&& bytes) {
            return SecretBytes(std::move(bytes));
        });
    }

    Result<void> map(ByteView nonce, const KeyPair& own, ByteView theirs) override
    {
        const auto shared = sharedPoint(own, theirs);
        if (!shared) {
            return tl::unexpected(shared.error());
        }
        const auto number = numberOf(nonce);
        const Point generator(EC_POINT_new(m_curve.get()));
        if (!number || !generator ||
            EC_POINT_mul(m_curve.get(), generator.get(), number.get(), shared->get(),
                         BN_value_one(), m_context.get()) != 1 ||
            EC_POINT_is_at_infinity(m_curve.get(), generator.get()) == 1 ||
            EC_GROUP_set_generator(m_curve.get(), generator.get(),
                                   EC_GROUP_get0_order(m_curve.get()),
                                   EC_GROUP_get0_cofactor(m_curve.get())) != 1) {
            return refusedByLibrary("generic mapping");
        }
        return {};
    }

    std::size_t publicBytes() const override { return 1 + 2 * m_fieldBytes; }
    std::uint32_t publicTag() const override { return 0x86; }

private:
    Result<Point> sharedPoint(const KeyPair& own, ByteView theirs) const
    {
        Point their(EC_POINT_new(m_curve.get()));
        Point shared(EC_POINT_new(m_curve.get()));
        const auto number = numberOf(own.privateNumber.reveal());
        if (!their || !shared || !number) {
            return refusedByLibrary("shared point");
        }
        // All curves have the cofactor 1: a point on the curve is in the group.
        if (theirs.size() != publicBytes() ||
            theirs[0] != std::byte{POINT_CONVERSION_UNCOMPRESSED} ||
            EC_POINT_oct2point(m_curve.get(), their.get(), raw(theirs), theirs.size(),
                               m_context.get()) != 1 ||
            EC_POINT_is_on_curve(m_curve.get(), their.get(), m_context.get()) != 1 ||
            EC_POINT_is_at_infinity(m_curve.get(), their.get()) == 1) {
            return notInGroup();
        }
        if (EC_POINT_mul(m_curve.get(), shared.get(), nullptr, their.get(), number.get(),
                         m_context.get()) != 1 ||
            EC_POINT_is_at_infinity(m_curve.get(), shared.get()) == 1) {
            return refusedByLibrary("shared point");
        }
        return shared;
    }

    Curve m_curve;
    NumberContext m_context;
    std::size_t m_fieldBytes;
};

class PrimeGroup final : public PaceGroup {
public:
    PrimeGroup(Number prime, Number order, Number generator)
        : m_context(BN_CTX_secure_new())
        , m_prime(std::move(prime))
        , m_order(std::move(order))
        , m_generator(std::move(generator))
    {
    }

    Result<KeyPair> generate(const RandomSource& random) const override
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

    Result<SecretBytes> agree(const KeyPair& own, ByteView theirs) const override
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

    std::size_t publicBytes() const override
    {
        return static_cast<std::size_t>(BN_num_bytes(m_prime.get()));
    }
    std::uint32_t publicTag() const override { return 0x84; }

private:
    Result<Number> raised(const BIGNUM* base, ByteView exponent) const
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

    Result<Number> sharedNumber(const KeyPair& own, ByteView theirs) const
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

/// Doc 9303-11, 9.5.1, table 6.
int curveOf(unsigned parameterId)
{
    constexpr unsigned kFirst = 8;
    constexpr std::array kCurves{NID_X9_62_prime192v1, NID_brainpoolP192r1,  NID_secp224r1,
                                 NID_brainpoolP224r1,  NID_X9_62_prime256v1, NID_brainpoolP256r1,
                                 NID_brainpoolP320r1,  NID_secp384r1,        NID_brainpoolP384r1,
                                 NID_brainpoolP512r1,  NID_secp521r1};
    return parameterId >= kFirst && parameterId - kFirst < kCurves.size()
               ? kCurves[parameterId - kFirst]
               : NID_undef;
}

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

} // namespace

Result<std::unique_ptr<PaceGroup>> PaceGroup::create(const PaceInfo& info)
{
    if (!info.parameterId) {
        return fail(Errc::Unsupported, "PACE without standardised parameters");
    }
    if (info.agreement == PaceInfo::Agreement::Dh) {
        return primeGroup(*info.parameterId);
    }
    const auto curve = curveOf(*info.parameterId);
    if (curve == NID_undef) {
        return fail(Errc::Unsupported, fmt::format("unknown curve {}", *info.parameterId));
    }
    Curve made(EC_GROUP_new_by_curve_name(curve));
    if (!made) {
        return refusedByLibrary("curve");
    }
    return std::make_unique<CurveGroup>(std::move(made));
}

} // namespace guichet::mrtd
