// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/card_link.h"

namespace guichet::mrtd {

/// Basic Access Control (Doc 9303-11, 4.3) with the selected application. `password` is
/// passwordOf(). The session comes back; the link is not secured by this call.
/// Errc::Denied with Retry: the chip refuses the key, so what was read of the zone is wrong; or the
/// chip does not know the key itself. Errc::Unsupported: the chip has no BAC. Else as CardLink.
[[nodiscard]] Result<SecureMessaging> openWithBac(CardLink& link, const SecretBytes& password,
                                                  const RandomSource& random);

} // namespace guichet::mrtd
