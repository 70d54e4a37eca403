// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "drivers/ipp/ipp_protocol.h"
#include "peripherals/base/clock.h"

namespace guichet::ipp {

struct WatchLimits {
    std::chrono::milliseconds repair{std::chrono::seconds(60)};  ///< all stops together
    std::chrono::milliseconds silence{std::chrono::seconds(30)}; ///< of a printer that was there
    std::chrono::milliseconds stall{std::chrono::seconds(120)};  ///< nothing moves, nothing is said
    std::chrono::milliseconds ending{std::chrono::seconds(30)};  ///< from a cancel to the end
};

/// Judges what is seen of a job while it is followed: when to go on, when to cancel, and how it
/// ended. Only job-state decides: reasons and page counts may be stale or early. Pure.
class JobWatch {
public:
    JobWatch(WatchLimits limits, int job, Ticks now);

    enum class Step { Wait, Cancel, Done };

    /// Takes one look. Cancel is asked for until cancelTaken() was called.
    [[nodiscard]] Step see(Ticks now, const Result<JobDescription>& job,
                           const Result<DocumentPrinterStatus>& printer);
    /// Wants the job ended because of `why`; the first reason stays.
    void giveUp(Ticks now, Error why);
    void cancelTaken() { m_cancelTaken = true; }

    /// The printer stood at the last look.
    [[nodiscard]] bool stands() const { return m_stands; }
    [[nodiscard]] const DocumentReport& report() const { return m_report; }

private:
    [[nodiscard]] Step end(DocumentOutcome outcome, std::optional<Error> error);
    void seePrinter(Ticks now, const DocumentPrinterStatus& printer);
    void judge(Ticks now);

    WatchLimits m_limits;
    DocumentReport m_report;
    JobState m_state = JobState::Pending;
    Ticks m_heard, m_moved, m_looked;
    std::chrono::milliseconds m_stood{};
    DocumentPrinterStatus m_printer;
    bool m_stands = false;
    std::optional<Error> m_why;
    Ticks m_gaveUp{};
    bool m_cancelTaken = false;
};

} // namespace guichet::ipp
