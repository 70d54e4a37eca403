// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/job_watch.h"

#include <utility>

#include <fmt/format.h>

namespace guichet::ipp {
namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds since(Ticks then, Ticks now)
{
    return std::chrono::duration_cast<Milliseconds>(now - then);
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text.substr(0, 200);
}

} // namespace

JobWatch::JobWatch(WatchLimits limits, int job, Ticks now)
    : m_limits(limits)
    , m_report{.outcome = DocumentOutcome::Unknown, .printerJob = job}
    , m_heard(now)
    , m_moved(now)
    , m_looked(now)
{
}

void JobWatch::giveUp(Ticks now, Error why)
{
    if (!m_why) {
        m_why = std::move(why);
        m_gaveUp = now;
    }
}

JobWatch::Step JobWatch::end(DocumentOutcome outcome, std::optional<Error> error)
{
    m_report.outcome = outcome;
    m_report.error = std::move(error);
    m_stands = false;
    return Step::Done;
}

JobWatch::Step JobWatch::see(Ticks now, const Result<JobDescription>& job,
                             const Result<DocumentPrinterStatus>& printer)
{
    if (job) {
        m_heard = now;
        if (job->pages > m_report.pages || job->state != m_state) {
            m_moved = now;
        }
        m_state = job->state;
        m_report.pages = std::max(m_report.pages, job->pages);
        if (job->state == JobState::Completed) {
            return end(DocumentOutcome::Printed, std::nullopt);
        }
        if (isFinal(job->state)) {
            const auto why = m_why.value_or(
                Error{Errc::Cancelled, Remedy::Retry, "somebody ended it at the printer"});
            return end(DocumentOutcome::Ended,
                       Error{why.code, why.remedy,
                             fmt::format("job {} is {} ({}): {}", m_report.printerJob,
                                         name(job->state), joined(job->reasons), why.detail)});
        }
    } else if (job.error().code == Errc::NotFound) {
        return end(DocumentOutcome::Unknown,
                   Error{Errc::NotFound, Remedy::CallStaff,
                         fmt::format("the printer knows job {} no more: look whether it is printed",
                                     m_report.printerJob)});
    } else if (since(m_heard, now) > m_limits.silence) {
        return end(DocumentOutcome::Unknown,
                   Error{job.error().code, Remedy::ReconnectCable,
                         fmt::format("job {}: nothing heard for {} ms: {}", m_report.printerJob,
                                     since(m_heard, now).count(), job.error().detail)});
    }
    if (printer) {
        seePrinter(now, *printer);
    }
    m_looked = now;
    judge(now);
    if (!m_why) {
        return Step::Wait;
    }
    if (since(m_gaveUp, now) > m_limits.ending) {
        return end(DocumentOutcome::Unknown,
                   Error{m_why->code, m_why->remedy,
                         fmt::format("job {} is still {} {} ms after it was cancelled: {}",
                                     m_report.printerJob, name(m_state),
                                     since(m_gaveUp, now).count(), m_why->detail)});
    }
    return m_cancelTaken ? Step::Wait : Step::Cancel;
}

void JobWatch::seePrinter(Ticks now, const DocumentPrinterStatus& printer)
{
    if (m_stands) {
        m_stood += since(m_looked, now);
        m_moved = now;
    }
    m_printer = printer;
    m_stands = printer.blocking() != nullptr ||
               printer.activity == DocumentPrinterStatus::Activity::Stopped;
}

void JobWatch::judge(Ticks now)
{
    if (m_stands && m_stood > m_limits.repair) {
        const auto remedy = m_printer.remedy();
        giveUp(now, {remedy == Remedy::ReconnectCable ? Errc::Disconnected : Errc::Denied,
                     remedy == Remedy::None ? Remedy::CallStaff : remedy,
                     fmt::format("not mended in {} ms: {}", m_stood.count(), describe(m_printer))});
    } else if (!m_stands && since(m_moved, now) > m_limits.stall) {
        giveUp(now, {Errc::Timeout, Remedy::CallStaff,
                     fmt::format("{} with {} pages out, and nothing moves for {} ms", name(m_state),
                                 m_report.pages, since(m_moved, now).count())});
    }
}

} // namespace guichet::ipp
