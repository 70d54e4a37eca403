// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/escpos/escpos_protocol.h"
#include "peripherals/base/config.h"

/// What models differ in, as data: profiles.toml is compiled in.
namespace guichet::escpos {

/// Holds a cut paper out of the kiosk's mouth.
struct Presenter {
    Bytes present; ///< and one byte more, the number of steps
    int stepTenthsMm = 73;
    int presentMm = 60;
    Bytes retract; ///< empty: it cannot
    Bytes expel;   ///< empty: it cannot
    bool ticketSensor = false;
    std::chrono::seconds retractAfter{0}; ///< zero: never

    [[nodiscard]] bool operator==(const Presenter&) const = default;
};

/// What a model can do; the defaults are those of "generic-80".
struct PrinterProfile {
    int widthDots = 576;
    int rowsPerSecond = 1200;
    RasterCommand raster = RasterCommand::GsV0;
    int stripRows = 96; ///< what its buffer takes at once
    /// The first is the usual one; empty: a tear bar.
    std::vector<CutKind> cuts{CutKind::Partial, CutKind::Full};
    /// False for a clone known to print the request for a process id as text.
    bool askForProcessId = true;
    bool automaticStatus = true;
    std::vector<StatusPage> statusPages{kStatusPages.begin(), kStatusPages.end()};
    bool nearEndSensor = true;
    bool nativeQr = true;
    std::optional<Presenter> presenter = {};
    std::chrono::milliseconds answerTimeout{500};

    [[nodiscard]] bool operator==(const PrinterProfile&) const = default;
};

/// A profile of the compiled in file. Errc::NotFound: there is none of that name.
[[nodiscard]] Result<PrinterProfile> profileNamed(std::string_view name);
/// "custom-presenter epson-tm-m30 ..."
[[nodiscard]] std::string profileNames();

/// Reads what `table` of a file says into the profile, the key "inherits" left out. What makes no
/// sense is refused in the file.
void readProfile(ConfigFile& file, const std::string& table, PrinterProfile& profile);
/// Reads a whole file of profiles and takes one, with what it inherits. Errc::NotFound: none of
/// that name. Errc::Invalid names line, key and what is legal.
[[nodiscard]] Result<PrinterProfile> profileFrom(ConfigFile file, std::string_view name);

[[nodiscard]] PrinterTraits traitsOf(const PrinterProfile& profile);

} // namespace guichet::escpos
