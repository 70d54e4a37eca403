// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"

/// What the terminal of the demo has: the devices of guichet-virtual-devices.
namespace guichet::host {

/// As a devices.toml.
[[nodiscard]] std::string_view demoDevices();
/// The key of the virtual cards' scheme, as a key file (drivers/emv). It proves nothing: its
/// private half is published.
[[nodiscard]] std::string demoSchemeKeys();
/// The certificate of the state that issued the virtual passports, DER. It proves nothing either.
[[nodiscard]] Bytes demoCountrySigner();

/// Writes both below a folder, for `schemeKeys` and `countrySigners`. Fails with Errc::Denied.
[[nodiscard]] Result<void> writeDemoTrust(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path demoSchemeFile(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path demoCountryFolder(const std::filesystem::path& folder);

} // namespace guichet::host
