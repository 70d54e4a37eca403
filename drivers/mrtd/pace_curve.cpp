// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "drivers/mrtd/pace_numbers.h"

namespace guichet::mrtd {
namespace {

using Curve = UniqueHandle<EC_GROUP*, EC_GROUP_free>;
using Point = UniqueHandle<EC_POINT*, EC_POINT_clear_free>;

const unsigned char* raw(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

class CurveGroup final : public PaceGroup {
public:
    explicit CurveGroup(Curve curve)
        : m_curve(std::move(curve))
        , m_context(BN_CTX_secure_new())
        , m_fieldBytes((static_cast<std::size_t>(EC_GROUP_get_degree(m_curve.get())) + 7) / 8)
    {
    }

    [[nodiscard]] Result<KeyPair> generate(const RandomSource& random) const override
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

    [[nodiscard]] Result<SecretBytes> agree(const KeyPair& own, ByteView theirs) const override
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

    [[nodiscard]] std::size_t publicBytes() const override { return 1 + 2 * m_fieldBytes; }
    [[nodiscard]] std::uint32_t publicTag() const override { return 0x86; }

private:
    [[nodiscard]] Result<Point> sharedPoint(const KeyPair& own, ByteView theirs) const
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

} // namespace

Result<std::unique_ptr<PaceGroup>> curveGroup(unsigned parameterId)
{
    const auto curve = curveOf(parameterId);
    if (curve == NID_undef) {
        return fail(Errc::Unsupported, fmt::format("unknown curve {}", parameterId));
    }
    Curve made(EC_GROUP_new_by_curve_name(curve));
    if (!made) {
        return refusedByLibrary("curve");
    }
    return std::make_unique<CurveGroup>(std::move(made));
}

} // namespace guichet::mrtd
