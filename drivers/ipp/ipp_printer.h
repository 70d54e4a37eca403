// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/ipp/ipp_link.h"
#include "drivers/ipp/job_watch.h"
#include "peripherals/base/clock.h"
#include "peripherals/classes/document_printer.h"

namespace guichet::ipp {

/// How patient the driver is; the defaults suit office printers.
struct IppPace {
    std::chrono::milliseconds poll{400};        ///< between two looks at a job
    std::chrono::milliseconds answer{5'000};    ///< for a question
    std::chrono::milliseconds document{60'000}; ///< in which no byte of a document moves
    WatchLimits watch{};                        ///< its `repair` is the job's
};

/// Passes the time between two looks, and comes back early when stopped.
using Pause = std::function<void(std::chrono::milliseconds, const std::stop_token&)>;
/// Waits on the system's clock.
void pauseFor(std::chrono::milliseconds time, const std::stop_token& stop);

/// A document printer that speaks IPP, or a CUPS queue in front of one. Create-Job comes first, so
/// that the printer's number of the job is known before a byte of the document leaves; then
/// Send-Document; then the job is followed. Borrows the clock.
/// Thread: bound to the thread of its device; no function is safe from two threads.
class IppPrinter final : public DocumentPrinter {
public:
    IppPrinter(std::string uri, std::unique_ptr<IppLink> link, const Clock& clock,
               IppPace pace = {}, Pause pause = pauseFor);

    [[nodiscard]] Result<DocumentPrinterStatus> status() override;
    [[nodiscard]] DocumentReport print(const DocumentJob& job, const DocumentProgress& progress,
                                       std::stop_token stop) override;
    [[nodiscard]] DocumentReport resume(const LostDocument& lost, const DocumentProgress& progress,
                                        std::stop_token stop) override;

private:
    struct Following;

    template <typename Encode> [[nodiscard]] Result<Bytes> ask(const Encode& encode);
    [[nodiscard]] Result<PrinterDescription> describePrinter();
    [[nodiscard]] Result<JobDescription> look(int number, std::string_view name);
    [[nodiscard]] Result<std::optional<JobDescription>> find(std::string_view name);
    [[nodiscard]] Result<void> cancel(int number);
    [[nodiscard]] DocumentReport submit(const DocumentJob& job, Sides sides, Outgoing& document,
                                        const DocumentProgress& progress,
                                        const std::stop_token& stop);
    [[nodiscard]] DocumentReport follow(Following what, const DocumentProgress& progress,
                                        const std::stop_token& stop);
    /// Takes back a job that has no document.
    [[nodiscard]] DocumentReport takeBack(int number, Error why);

    std::string m_uri;
    std::unique_ptr<IppLink> m_link;
    const Clock& m_clock;
    IppPace m_pace;
    Pause m_pause;
    int m_requestId = 0;
};

} // namespace guichet::ipp
