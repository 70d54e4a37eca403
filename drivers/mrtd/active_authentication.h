// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/card_link.h"
#include "drivers/mrtd/check.h"

/// Active authentication (Doc 9303-11, 6.1): the chip signs our random number with the key of DG15.
/// A verdict only where the file is genuine: see passive authentication.
namespace guichet::mrtd {

inline constexpr std::size_t kActiveChallenge = 8;

/// Pure. `key` is a SubjectPublicKeyInfo; `hash` is what DG14 says for ECDSA (SHA-1 if nothing).
/// RSA by ISO/IEC 9796-2 scheme 1, ECDSA plain or in DER.
[[nodiscard]] Check verifyActive(ByteView key, std::optional<PlainHash> hash, ByteView challenge,
                                 ByteView signature);

/// Asks the chip. Fails only as CardLink does when the card is gone or the work was cancelled.
[[nodiscard]] Result<Check> authenticateActively(CardLink& link, ByteView key,
                                                 std::optional<PlainHash> hash,
                                                 const RandomSource& random);

} // namespace guichet::mrtd
