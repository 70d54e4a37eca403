// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

namespace guichet {

/// Replaces a file whole: after a power cut it has the old content or the new. Only its owner can
/// read it. Fails with Errc::Busy.
[[nodiscard]] Result<void> writePrivateFile(const std::filesystem::path& file,
                                            std::string_view text);
/// Fails with Errc::NotFound (no such file), Busy (cannot be read) or Invalid (beyond 64 KiB).
[[nodiscard]] Result<std::string> readPrivateFile(const std::filesystem::path& file);

} // namespace guichet
