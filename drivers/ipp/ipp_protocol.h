// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/classes/document_printer.h"

/// The answers we believe, RFC 8010 (encoding) and RFC 8011 (model): no I/O, no clock, no state.
/// libcups takes the attributes apart. Safe to fuzz.
namespace guichet::ipp {

struct PrinterDescription {
    DocumentPrinterStatus status;
    // An empty list: the printer does not say.
    std::vector<int> operations;
    std::vector<std::string> formats; ///< "application/pdf"
    std::vector<std::string> media;   ///< "iso_a4_210x297mm"
    std::vector<std::string> sides;   ///< "one-sided"
};

/// job-state of RFC 8011 5.3.7.
enum class JobState {
    Pending = 3,
    Held = 4,
    Processing = 5,
    Stopped = 6,
    Cancelled = 7,
    Aborted = 8,
    Completed = 9,
};
[[nodiscard]] bool isFinal(JobState state);
/// "processing"; the keyword of the standard.
[[nodiscard]] std::string_view name(JobState state);

struct JobDescription {
    int number = 0;
    std::string name; ///< empty: the printer did not say
    JobState state = JobState::Pending;
    int pages = 0; ///< job-impressions-completed; 0 if it does not count
    /// It waits for a document, or for the rest of one.
    bool awaitsData = false;
    std::vector<std::string> reasons; ///< job-state-reasons, for the log
};

/// Each fails with Errc::Protocol and CallStaff for bytes that are no answer to that request, or
/// lack what must be in it; with what the status code means if the printer says no
/// (errorOf). Get-Jobs answers are split by group; one without number or state is passed over.
[[nodiscard]] Result<PrinterDescription> parsePrinter(ByteView answer, int requestId);
[[nodiscard]] Result<JobDescription> parseJob(ByteView answer, int requestId);
[[nodiscard]] Result<std::vector<JobDescription>> parseJobs(ByteView answer, int requestId);
/// Of Create-Job. Errc::Unsupported if the printer would take other paper than A4.
[[nodiscard]] Result<JobDescription> parseCreated(ByteView answer, int requestId);
/// Of Send-Document and Cancel-Job, where only the status counts.
[[nodiscard]] Result<void> parseDone(ByteView answer, int requestId);

/// An IPP status code that is not successful, RFC 8011 Appendix B. `message`: the printer's own
/// words, kept for the log without what is not printable.
[[nodiscard]] Error errorOf(int status, std::string_view message);

/// Whether what a printer can do suffices. Errc::Unsupported with CallStaff: no PDF, no A4, no
/// Create-Job. `sides` becomes One if the printer cannot turn paper.
[[nodiscard]] Result<void> checkAbilities(const PrinterDescription& printer, Sides& sides);

/// Which of the printer's jobs is the named one; nullptr: none. Of several, the one that has come
/// furthest towards paper.
[[nodiscard]] const JobDescription* findJob(const std::vector<JobDescription>& jobs,
                                            std::string_view name);

} // namespace guichet::ipp
