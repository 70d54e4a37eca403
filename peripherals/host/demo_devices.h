// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

/// What the terminal of the demo has: the devices of guichet-virtual-devices.
namespace guichet::host {

/// As a devices.toml.
[[nodiscard]] std::string_view demoDevices();
/// The key of the virtual cards' scheme, as a key file (drivers/emv). It proves nothing: its
/// private half is published.
[[nodiscard]] std::string demoSchemeKeys();
/// Writes it as scheme-demo.toml and returns its path. Fails with Errc::Denied.
[[nodiscard]] Result<std::filesystem::path>
writeDemoSchemeKeys(const std::filesystem::path& folder);

} // namespace guichet::host
