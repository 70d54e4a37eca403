// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/private_memory.h"

#include <sys/prctl.h>

namespace guichet::host {

Result<void> keepMemoryPrivate()
{
    return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
               ? Result<void>()
               : fail(Errc::Denied, "the kernel does not keep our memory private");
}

} // namespace guichet::host
