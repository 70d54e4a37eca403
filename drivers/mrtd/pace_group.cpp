// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/pace_group.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include "drivers/mrtd/pace_numbers.h"

namespace guichet::mrtd {
namespace {

constexpr int kDraws = 100;

} // namespace

Number numberOf(ByteView bytes)
{
    return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                            static_cast<int>(bytes.size()), nullptr));
}

Result<Bytes> bytesOf(const BIGNUM* number, std::size_t size)
{
    Bytes bytes(size);
    if (BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                     static_cast<int>(size)) < 0) {
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

Result<std::unique_ptr<PaceGroup>> PaceGroup::create(const PaceInfo& info)
{
    if (!info.parameterId) {
        return fail(Errc::Unsupported, "PACE without standardised parameters");
    }
    return info.agreement == PaceInfo::Agreement::Dh ? primeGroup(*info.parameterId)
                                                     : curveGroup(*info.parameterId);
}

} // namespace guichet::mrtd
