// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "peripherals/classes/printer.h"
#include "peripherals/host/helper_process.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our receipt printer offers to XFS4IoT clients: raw bytes, the built-in form "ticket", and
/// of a presenter what that printer can do.
[[nodiscard]] xfs::ServiceDescription receiptPrinterDescription(const PrinterTraits& traits);

/// One command of the receipt printer service. PrintForm "ticket" goes through the journal: what is
/// printed already succeeds without printing, what is unknown or void is refused with errorCode
/// sequenceInvalid and a description that begins with the state. Helper and journal must outlive
/// it.
void performPrinterCommand(HelperProcess& helper, PrintJournal& journal,
                           const PrinterTraits& traits, const std::shared_ptr<xfs::Job>& job);

/// What becomes of paper between commands, as the standard's unsolicited event for a signal of the
/// helper; nothing: it is none of the printer's.
struct PrinterEvent {
    const char* name;
    nlohmann::json payload;
};
[[nodiscard]] std::optional<PrinterEvent> printerEvent(std::string_view signal,
                                                       const nlohmann::json& data);

/// The threshold of Printer.PaperThresholdEvent ("full", "low", "out") if the paper differs between
/// two status documents; else empty.
[[nodiscard]] std::string paperThreshold(const nlohmann::json& before, const nlohmann::json& after);

} // namespace guichet::host
