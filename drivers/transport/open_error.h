// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "peripherals/base/error.h"

namespace guichet::transport {

/// What it means that a device node could not be opened and set: the kernel's number in our codes
/// and remedies.
[[nodiscard]] tl::unexpected<Error> notOpened(const std::string& name, int problem);

} // namespace guichet::transport
