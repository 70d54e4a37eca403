// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "peripherals/base/clock.h"
#include "peripherals/classes/printer.h"
#include "peripherals/host/helper_device.h"
#include "peripherals/xfs/ticket_form.h"

namespace guichet::host {

struct DrawnTicket {
    Bitmap dots;
    CutKind cut = CutKind::Usual;
    std::optional<int> presentMm = {};
};

/// Draws a ticket as wide as the head.
using RenderTicket = std::function<Result<DrawnTicket>(const xfs::TicketForm& form, int widthDots)>;

/// Where the last printed paper is.
enum class PaperPlace {
    Unknown, ///< out of the printer, and no sensor looks whether it was taken
    Gone,
    Present, ///< held out
    Retracted,
    Jammed,
};

/// The receipt printer inside its helper process. Operations: printTicket {"fields"}, printRaw
/// {"data"}, cut {"kind": "partial" or "full", optional} (each with "repairMs": how long a stopped
/// printer is waited for; 60 s if 0 or absent, and at most), move {"how": "present", "retract" or
/// "expel"} with the result {"paper": false} if its sensor sees none, reset. A job
/// asks "sending" {"bytes","sha256"} before its first byte and tells the events rendered, sent,
/// printed and stopped {"remedy"}. A job that was not printed is no error here: the result says
/// {"outcome","proof","bytesSent","restDiscarded","error"}.
/// Where a sensor watches the mouth, paper that was held out is followed between operations: the
/// signals are mediaTaken, and mediaRetracted {"result": "transport" or "jammed"} when nobody took
/// it in the printer's time.
class PrinterHelper final : public HelperDevice {
public:
    PrinterHelper(std::unique_ptr<ReceiptPrinter> printer, RenderTicket render, const Clock& clock);

    [[nodiscard]] Result<nlohmann::json> perform(const std::string& operation,
                                                 const nlohmann::json& arguments, HelperLine& line,
                                                 std::stop_token stop) override;
    void watch(HelperLine& line) override;

private:
    [[nodiscard]] Result<nlohmann::json> print(PrintJob job, HelperLine& line,
                                               const std::stop_token& stop);

    [[nodiscard]] Result<nlohmann::json> move(const nlohmann::json& arguments, HelperLine& line);
    [[nodiscard]] Result<PrinterStatus> look(HelperLine& line);
    [[nodiscard]] Result<void> clearMouth(HelperLine& line);
    void follow(bool paper, HelperLine& line);
    void takeBack(HelperLine& line);

    std::unique_ptr<ReceiptPrinter> m_printer;
    RenderTicket m_render;
    const Clock& m_clock;
    PaperPlace m_place;
    Ticks m_presentedAt{};
    bool m_seen = false; ///< by the sensor, since it was presented
};

/// The status members of XFS4IoT for what a printer says; an Error is a printer that is away.
[[nodiscard]] nlohmann::json printerStatusMembers(const Result<PrinterStatus>& status,
                                                  PaperPlace place = PaperPlace::Gone);

} // namespace guichet::host
