// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "peripherals/classes/printer.h"
#include "peripherals/host/helper_device.h"
#include "peripherals/xfs/ticket_form.h"

namespace guichet::host {

/// Draws a ticket as wide as the head.
using RenderTicket = std::function<Result<Bitmap>(const xfs::TicketForm& form, int widthDots)>;

/// The receipt printer inside its helper process. Operations: printTicket {"fields"}, printRaw
/// {"data"}, cut (each with "repairMs": how long a stopped printer is waited for; 60 s if 0 or
/// absent, and at most), reset. A job
/// asks "sending" {"bytes","sha256"} before its first byte and tells the events rendered, sent,
/// printed and stopped {"remedy"}. A job that was not printed is no error here: the result says
/// {"outcome","proof","bytesSent","restDiscarded","error"}.
class PrinterHelper final : public HelperDevice {
public:
    PrinterHelper(std::unique_ptr<ReceiptPrinter> printer, RenderTicket render);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> print(PrintJob job, HelperLine& line,
                                               const std::stop_token& stop);

    std::unique_ptr<ReceiptPrinter> m_printer;
    RenderTicket m_render;
};

/// The status members of XFS4IoT for what a printer says; an Error is a printer that is away.
[[nodiscard]] nlohmann::json printerStatusMembers(const Result<PrinterStatus>& status);

} // namespace guichet::host
