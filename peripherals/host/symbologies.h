// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "drivers/barcode/code_reader.h"

/// The kinds of code that we read, by the names of XFS4IoT. Pure.
namespace guichet::host {

/// "qrCode", and back; nothing for a kind that we do not read.
[[nodiscard]] const char* name(barcode::Symbology symbology);
[[nodiscard]] std::optional<barcode::Symbology> symbologyFromName(std::string_view name);
/// By the AIM identifier that hand scanners send: "]Q1" is a QR code.
[[nodiscard]] std::optional<barcode::Symbology> symbologyFromAim(std::string_view identifier);
/// For people: "QR Code"; empty for a name that is not ours.
[[nodiscard]] std::string titleOf(std::string_view name);
/// All that we read.
[[nodiscard]] std::vector<std::string> symbologyNames();

/// The member `symbologies` of BarcodeReader.Read: those of ours that are true in it; all if it is
/// absent, null or asks for none. Fails with Errc::Invalid (malformed) or Errc::Unsupported (asks
/// for none that we read).
[[nodiscard]] Result<std::vector<std::string>> wantedSymbologies(const nlohmann::json& payload);

} // namespace guichet::host
