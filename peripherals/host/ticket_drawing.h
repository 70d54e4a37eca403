// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peripherals/host/printer_helper.h"

namespace guichet::host {

/// Draws tickets with the fonts of this machine. Without fonts each drawing fails with Errc as
/// escpos::TicketRenderer::open, and the printer still serves what needs none.
[[nodiscard]] RenderTicket ticketDrawing();

} // namespace guichet::host
