// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/card_link.h"

/// Password Authenticated Connection Establishment (Doc 9303-11, 4.4) with generic mapping.
namespace guichet::mrtd {

enum class PasswordKind : unsigned char { Mrz = 1, Can = 2 };

struct PacePassword {
    PasswordKind kind = PasswordKind::Mrz;
    SecretBytes secret; ///< passwordOf() of the zone, or the digits of the card access number
};

/// The strongest of these that we speak: generic mapping with standardised parameters; curves
/// before primes, longer keys before shorter ones. Null if there is none.
[[nodiscard]] const PaceInfo* bestOf(const std::vector<PaceInfo>& offered);

/// Runs the protocol; the session comes back, the link is not secured by this call.
/// Errc::Denied with Retry: the password is wrong, or the chip does not know it itself; with
/// CallStaff: the password is blocked. Errc::Unsupported: the chip does not know what it offered,
/// or we do not: another way in is no downgrade. Else as CardLink.
[[nodiscard]] Result<SecureMessaging> openWithPace(CardLink& link, const PaceInfo& info,
                                                   const PacePassword& password,
                                                   const RandomSource& random);

} // namespace guichet::mrtd
