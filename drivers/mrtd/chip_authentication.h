// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/mrtd/card_link.h"
#include "drivers/mrtd/check.h"

namespace guichet::mrtd {

/// Chip authentication (Doc 9303-11, 6.2) with a key of DG14: the chip proves that it holds the
/// private half by answering under the new session keys, which the link then uses. A verdict only
/// where the file is genuine: see passive authentication. Fails only as CardLink does when the card
/// is gone or the work was cancelled; a chip that cannot prove itself is a failed check, and its
/// session is over.
[[nodiscard]] Result<Check> authenticateChip(CardLink& link, const SecurityInfos& infos);

} // namespace guichet::mrtd
