// SPDX-License-Identifier: Apache-2.0
#include "drivers/ipp/ipp_printer.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <sys/stat.h>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "drivers/ipp/ipp_requests.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::ipp {
namespace {

constexpr std::uint64_t kLargestDocument = 64U << 20;
constexpr std::string_view kPdfMark = "%PDF-";

struct OpenDocument {
    UniqueFd fd;
    Outgoing outgoing;
};

Result<OpenDocument> openDocument(const std::filesystem::path& path)
{
    const auto refuse = [&path](std::string seen) {
        return fail(Errc::Invalid, fmt::format("document {}: {}", path.filename().string(), seen),
                    Remedy::CallStaff);
    };
    OpenDocument document{UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), {}};
    struct stat info {};
    if (!document.fd || ::fstat(document.fd.get(), &info) != 0) {
        return refuse(systemMessage(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return refuse("not a regular file");
    }
    const auto size = static_cast<std::uint64_t>(info.st_size);
    std::array<char, kPdfMark.size()> start{};
    if (::pread(document.fd.get(), start.data(), start.size(), 0) !=
            static_cast<ssize_t>(start.size()) ||
        std::string_view(start.data(), start.size()) != kPdfMark) {
        return refuse("does not begin with %PDF-");
    }
    if (size > kLargestDocument) {
        return refuse(fmt::format("{} bytes, want at most {}", size, kLargestDocument));
    }
    document.outgoing = {.fd = document.fd.get(), .size = size};
    return document;
}

DocumentReport refused(Error error)
{
    return {.outcome = DocumentOutcome::Refused, .error = std::move(error)};
}

Error notReady(const DocumentPrinterStatus& status)
{
    const auto remedy = status.remedy();
    const bool mendable = remedy == Remedy::CloseCover || remedy == Remedy::ReloadPaper ||
                          remedy == Remedy::TakePaper;
    return {mendable ? Errc::Denied : Errc::Busy, remedy, "printer " + describe(status)};
}

Error stoppedByUs()
{
    return {Errc::Cancelled, Remedy::None, "stopped by this terminal"};
}

} // namespace

void pauseFor(std::chrono::milliseconds time, const std::stop_token& stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

/// A job to follow, and why it shall end at once, if it shall.
struct IppPrinter::Following {
    int number;
    std::string_view name;
    std::chrono::milliseconds repairLimit;
    std::optional<Error> end;
};

IppPrinter::IppPrinter(std::string uri, std::unique_ptr<IppLink> link, const Clock& clock,
                       IppPace pace, Pause pause)
    : m_uri(std::move(uri))
    , m_link(std::move(link))
    , m_clock(clock)
    , m_pace(pace)
    , m_pause(std::move(pause))
{
}

/// Not stopped with the job: what is asked then is how it ended.
template <typename Encode> Result<Bytes> IppPrinter::ask(const Encode& encode)
{
    ++m_requestId;
    return m_link->exchange(encode(Address{m_uri, m_requestId}), nullptr, m_pace.answer, {});
}

Result<PrinterDescription> IppPrinter::describePrinter()
{
    return ask(encodeGetPrinter).and_then([this](const Bytes& answer) {
        return parsePrinter(answer, m_requestId);
    });
}

Result<DocumentPrinterStatus> IppPrinter::status()
{
    auto printer = describePrinter();
    if (!printer) {
        return fail(std::move(printer).error(), "printer status");
    }
    return std::move(printer->status);
}

Result<JobDescription> IppPrinter::look(int number, std::string_view name)
{
    auto job = ask([number](const Address& to) {
                   return encodeGetJob(to, number);
               }).and_then([this](const Bytes& answer) { return parseJob(answer, m_requestId); });
    if (job && !job->name.empty() && job->name != name) {
        return fail(Errc::NotFound, fmt::format("job {} has another name: a new one", number));
    }
    return job;
}

Result<std::optional<JobDescription>> IppPrinter::find(std::string_view name)
{
    for (const auto which : {WhichJobs::NotCompleted, WhichJobs::Completed}) {
        const auto jobs =
            ask([which](const Address& to) {
                return encodeGetJobs(to, which);
            }).and_then([this](const Bytes& answer) { return parseJobs(answer, m_requestId); });
        if (!jobs) {
            return fail(Error(jobs.error()), "look for the job");
        }
        if (const auto* job = findJob(*jobs, name)) {
            return *job;
        }
    }
    return std::nullopt;
}

Result<void> IppPrinter::cancel(int number)
{
    return ask([number](const Address& to) { return encodeCancelJob(to, number); })
        .and_then([this](const Bytes& answer) { return parseDone(answer, m_requestId); });
}

DocumentReport IppPrinter::takeBack(int number, Error why)
{
    static_cast<void>(cancel(number)); // else the printer's own time-out ends the empty job
    auto report = refused(std::move(why));
    report.printerJob = number;
    return report;
}

DocumentReport IppPrinter::print(const DocumentJob& job, const DocumentProgress& progress,
                                 std::stop_token stop)
{
    if (!isDocumentId(job.id)) {
        return refused(
            {Errc::Invalid, Remedy::CallStaff, "a document's id is 1 to 127 of A-Z a-z 0-9 . _ -"});
    }
    auto document = openDocument(job.file);
    if (!document) {
        return refused(std::move(document.error()));
    }
    auto printer = describePrinter();
    if (!printer) {
        return refused(std::move(printer.error()));
    }
    auto sides = job.sides;
    if (auto able = checkAbilities(*printer, sides); !able) {
        return refused(std::move(able.error()));
    }
    const auto known = find(job.id);
    if (!known) {
        return refused(known.error());
    }
    if (*known) {
        return resume({job.id, (*known)->number, job.repairLimit}, progress, stop);
    }
    if (!printer->status.ready()) {
        return refused(notReady(printer->status));
    }
    if (stop.stop_requested()) {
        return refused(stoppedByUs());
    }
    return submit(job, sides, document->outgoing, progress, stop);
}

DocumentReport IppPrinter::submit(const DocumentJob& job, Sides sides, Outgoing& document,
                                  const DocumentProgress& progress, const std::stop_token& stop)
{
    const auto created =
        ask([&](const Address& to) {
            return encodeCreateJob(to, job.id, sides);
        }).and_then([this](const Bytes& answer) { return parseCreated(answer, m_requestId); });
    if (!created) {
        const auto made = find(job.id);
        return made && *made ? takeBack((*made)->number, created.error())
                             : refused(created.error());
    }
    if (progress.accepted) {
        if (auto kept = progress.accepted(created->number); !kept) {
            return takeBack(created->number, std::move(kept.error()).during("before the document"));
        }
    }
    ++m_requestId;
    const auto request = encodeSendDocument(Address{m_uri, m_requestId}, created->number, job.id);
    const auto sent =
        m_link->exchange(request, &document, m_pace.document, stop)
            .and_then([this](const Bytes& answer) { return parseDone(answer, m_requestId); });
    if (!sent && document.sent == 0) {
        return takeBack(created->number, sent.error());
    }
    Following what{created->number, job.id, job.repairLimit, std::nullopt};
    const bool answerLost =
        !sent && document.sent == document.size &&
        (sent.error().code == Errc::Timeout || sent.error().code == Errc::Disconnected);
    if (!sent && !answerLost) {
        what.end = Error(sent.error()).during("send the document");
    } else if (progress.sent) {
        progress.sent();
    }
    return follow(std::move(what), progress, stop);
}

DocumentReport IppPrinter::resume(const LostDocument& lost, const DocumentProgress& progress,
                                  std::stop_token stop)
{
    const auto without = [&lost](Error error) -> DocumentReport {
        return {.outcome = lost.printerJob ? DocumentOutcome::Unknown : DocumentOutcome::Refused,
                .printerJob = lost.printerJob.value_or(0),
                .error = std::move(error)};
    };
    const auto job = find(lost.id);
    if (!job) {
        return without(job.error());
    }
    if (!*job) {
        return without({Errc::NotFound, lost.printerJob ? Remedy::CallStaff : Remedy::Retry,
                        fmt::format("the printer knows no job {}", lost.id)});
    }
    const auto& found = **job;
    Following what{found.number, lost.id, lost.repairLimit, std::nullopt};
    const bool waits =
        found.awaitsData && (found.state == JobState::Pending || found.state == JobState::Held);
    if (!lost.printerJob || waits) {
        what.end = Error{Errc::Cancelled, Remedy::Retry, "its document was never sent whole"};
    }
    auto report = follow(std::move(what), progress, stop);
    if (!lost.printerJob && report.outcome != DocumentOutcome::Printed) {
        report.outcome = DocumentOutcome::Refused; // not a byte of it had left
    }
    return report;
}

DocumentReport IppPrinter::follow(Following what, const DocumentProgress& progress,
                                  const std::stop_token& stop)
{
    auto limits = m_pace.watch;
    limits.repair = what.repairLimit;
    JobWatch watch(limits, what.number, m_clock.ticks());
    bool ending = what.end.has_value();
    if (what.end) {
        watch.giveUp(m_clock.ticks(), std::move(*what.end));
    }
    bool toldStands = false;
    int toldPages = 0;
    for (;;) {
        const auto job = look(what.number, what.name);
        auto printer = Result<DocumentPrinterStatus>(DocumentPrinterStatus{});
        if (!job) {
            printer = tl::unexpected(job.error());
        } else if (!isFinal(job->state)) {
            printer = status();
        }
        const auto step = watch.see(m_clock.ticks(), job, printer);
        if (watch.report().pages != toldPages && progress.pages) {
            progress.pages(watch.report().pages);
        }
        toldPages = watch.report().pages;
        if (std::exchange(toldStands, watch.stands()) != watch.stands() && progress.stopped) {
            progress.stopped(printer.value_or(DocumentPrinterStatus{}));
        }
        if (step == JobWatch::Step::Done) {
            return watch.report();
        }
        if (step == JobWatch::Step::Cancel) {
            ending = true;
            const auto taken = cancel(what.number);
            if (taken || taken.error().code == Errc::Conflict) {
                watch.cancelTaken();
            }
        } else if (stop.stop_requested() && !ending) {
            watch.giveUp(m_clock.ticks(), stoppedByUs());
            ending = true;
            continue;
        }
        m_pause(m_pace.poll, ending ? std::stop_token() : stop);
    }
}

} // namespace guichet::ipp
