// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/ticket_drawing.h"

#include <memory>
#include <utility>

#include <spdlog/spdlog.h>

#include "drivers/escpos/receipt_layout.h"

namespace guichet::host {

RenderTicket ticketDrawing()
{
    auto renderer = escpos::TicketRenderer::open();
    if (!renderer) {
        spdlog::error("{}", renderer.error().detail);
        return [error = renderer.error()](const xfs::TicketForm&, int) -> Result<Bitmap> {
            return tl::unexpected(error);
        };
    }
    const auto shared // because std::function copies what it holds
        = std::make_shared<const escpos::TicketRenderer>(std::move(*renderer));
    return [shared](const xfs::TicketForm& form, int width) {
        escpos::TicketText ticket;
        ticket.outlet = form.outlet;
        ticket.number = form.number;
        ticket.service = form.service;
        ticket.rows = form.rows;
        ticket.footer = form.footer;
        ticket.qrText = form.code;
        ticket.large = form.large;
        ticket.copyIndex = static_cast<int>(form.printIndex);
        return shared->render(ticket, width);
    };
}

} // namespace guichet::host
