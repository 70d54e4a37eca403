// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "peripherals/host/helper_process.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What our receipt printer offers to XFS4IoT clients: raw bytes, and the built-in form "ticket".
[[nodiscard]] xfs::ServiceDescription receiptPrinterDescription();

/// One command of the receipt printer service. PrintForm "ticket" goes through the journal: what is
/// printed already succeeds without printing, what is unknown or void is refused with errorCode
/// sequenceInvalid and a description that begins with the state. Helper and journal must outlive
/// it.
void performPrinterCommand(HelperProcess& helper, PrintJournal& journal,
                           const std::shared_ptr<xfs::Job>& job);

/// The threshold of Printer.PaperThresholdEvent ("full", "low", "out") if the paper differs between
/// two status documents; else empty.
[[nodiscard]] std::string paperThreshold(const nlohmann::json& before, const nlohmann::json& after);

} // namespace guichet::host
