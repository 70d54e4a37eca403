// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/base/error.h"

namespace guichet::host {

/// From now on no core of this process is written, and nobody but root may trace it or look into
/// its memory (PR_SET_DUMPABLE). A program that it starts has none of that. Errc::Denied.
[[nodiscard]] Result<void> keepMemoryPrivate();

} // namespace guichet::host
