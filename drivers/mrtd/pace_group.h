// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "drivers/mrtd/card_link.h"

namespace guichet::mrtd {

/// One side's pair; the private number is big-endian.
struct KeyPair {
    SecretBytes privateNumber;
    Bytes publicKey; ///< a point 04 x y, or a number as long as the group's prime
};

/// A group to agree on keys in: a named curve, or numbers modulo a prime. Public keys of others are
/// checked to lie in it before they are used (Doc 9303-11, 9.5.1): else Errc::Denied.
class PaceGroup {
public:
    virtual ~PaceGroup() = default;

    /// By the standardised domain parameters that a chip names. Errc::Unsupported: unknown ones.
    [[nodiscard]] static Result<std::unique_ptr<PaceGroup>> create(const PaceInfo& info);

    [[nodiscard]] virtual Result<KeyPair> generate(const RandomSource& random) const = 0;
    /// The x coordinate at full length, or the number.
    [[nodiscard]] virtual Result<SecretBytes> agree(const KeyPair& own, ByteView theirs) const = 0;
    /// Generic mapping (Doc 9303-11, 4.4.3.3.1): another generator, that only who knows the nonce
    /// can name.
    [[nodiscard]] virtual Result<void> map(ByteView nonce, const KeyPair& own, ByteView theirs) = 0;

    [[nodiscard]] virtual std::size_t publicBytes() const = 0;
    /// Of a public key in an authentication token.
    [[nodiscard]] virtual std::uint32_t publicTag() const = 0;
};

} // namespace guichet::mrtd
