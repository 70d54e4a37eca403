// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "peripherals/base/error.h"

namespace guichet::host {

/// Makes a key pair for the demo if `folder` has none: bank-demo.pem (private, mode 600) and
/// bank-demo.pub.pem, whose path is returned. Fails with Errc::Denied.
[[nodiscard]] Result<std::filesystem::path> demoSealingKey(const std::filesystem::path& folder);

} // namespace guichet::host
