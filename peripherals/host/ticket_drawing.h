// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

#include "peripherals/host/printer_helper.h"

namespace guichet::host {

/// What a ticket tells its template, as drivers/receipt/README.md has it.
[[nodiscard]] nlohmann::json ticketData(const xfs::TicketForm& form);

/// Draws tickets by the form `ticket`: the bank's own from that folder of templates (empty: none),
/// else ours. A template of the bank's that is wrong is logged, and ours drawn: nobody goes without
/// a ticket for it. Without fonts each drawing fails with Errc as receipt::ReceiptPainter::open,
/// and the printer still serves what needs none.
[[nodiscard]] RenderTicket ticketDrawing(const std::filesystem::path& templates);

} // namespace guichet::host
