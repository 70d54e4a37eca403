// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"

/// A printer of A4 documents: what it says of itself, and one document that is printed once or
/// accounted for.
namespace guichet {

/// What a document printer complains of.
enum class DocumentCondition {
    CoverOpen,
    PaperJam,
    PaperOut,
    TrayMissing,
    OutputFull,
    SupplyOut,     ///< toner, ink, or a part at the end of its life
    SupplyMissing, ///< a cartridge is not in its place
    WasteFull,     ///< the waste box of toner or ink
    Failure,       ///< mechanical or electrical; the printer says no more
    Overheated,    ///< or too cold: mends itself
    Offline,       ///< the device behind a spooler does not answer
    Paused,        ///< a person or a policy has stopped it
    MemoryFull,    ///< too much for its memory or spool area
    Misconfigured, ///< a spooler lacks a filter, trusts no certificate, is refused
    PaperLow,      ///< from here on nothing that stops a printer
    OutputNearlyFull,
    SupplyLow,
    WasteNearlyFull,
    Starting, ///< warming up, connecting, waking
    Notice,   ///< of no consequence for a job
    Unknown,  ///< a word that we do not know
};

/// What the printer itself makes of it. Not to be trusted alone: some stop with a Warning.
enum class Severity { Report, Warning, Error };

struct DocumentPrinterReason {
    DocumentCondition condition = DocumentCondition::Unknown;
    Severity severity = Severity::Error;
    std::string keyword; ///< the printer's word, for the log

    /// True if no page comes out until somebody acts or it mends itself.
    [[nodiscard]] bool blocks() const;

    [[nodiscard]] bool operator==(const DocumentPrinterReason&) const = default;
};

struct DocumentPrinterStatus {
    enum class Activity { Idle, Printing, Stopped };

    Activity activity = Activity::Idle;
    bool acceptsJobs = true;
    /// A spooler answers, whose reasons are those of the last job: while it is idle they say
    /// nothing.
    bool spooler = false;
    std::vector<DocumentPrinterReason> reasons; ///< as the printer orders them

    /// The most urgent reason that blocks, or nullptr.
    [[nodiscard]] const DocumentPrinterReason* blocking() const;
    /// True if a document may be handed over now.
    [[nodiscard]] bool ready() const;
    /// What a person should do to make it ready; None if it is.
    [[nodiscard]] Remedy remedy() const;

    [[nodiscard]] bool operator==(const DocumentPrinterStatus&) const = default;
};

/// For logs and errors: "stopped: media-empty, cover-open", or "ready".
[[nodiscard]] std::string describe(const DocumentPrinterStatus& status);

enum class Sides { One, TwoLongEdge };

struct DocumentJob {
    /// The caller's, unlike any other (isDocumentId): 1 to 127 of A-Z a-z 0-9 . _ - and no personal
    /// data, since printers show it.
    std::string id;
    /// A PDF of A4 pages. The caller owns it and wipes it after print() has returned.
    std::filesystem::path file;
    Sides sides = Sides::One; ///< a printer that cannot turn paper prints one side
    /// How long a stopped printer (paper, cover) is waited for, all stops together.
    std::chrono::milliseconds repairLimit = std::chrono::seconds(60);
};

/// What happens to a document, told as it happens, on the thread of print(). Empty functions are
/// skipped.
struct DocumentProgress {
    /// The printer has given the job its number; no byte of the document has left. Make it durable
    /// here: a failure takes the job back, and nothing is printed.
    std::function<Result<void>(int printerJob)> accepted;
    /// The whole document is at the printer; no page is proven yet.
    std::function<void()> sent;
    /// The printer stands in the middle of the job and is waited for, or stands no longer.
    std::function<void(const DocumentPrinterStatus&)> stopped;
    /// So many pages are out, as far as the printer says.
    std::function<void(int pages)> pages;
};

enum class DocumentOutcome {
    Refused, ///< the printer has nothing of the document: safe to repeat anywhere
    Printed, ///< the printer has completed the job
    Ended,   ///< cancelled or given up by the printer: no further page comes, some may be out
    Unknown, ///< pages may be out, or may still come. Never repeat unmarked
};

struct DocumentReport {
    DocumentOutcome outcome = DocumentOutcome::Refused;
    int printerJob = 0;           ///< the printer's number for it; 0: it gave none
    int pages = 0;                ///< that are out, as far as the printer says
    std::optional<Error> error{}; ///< why it was not printed; its remedy is for the customer
};

/// A document that was under way when our process died.
struct LostDocument {
    std::string id;
    std::optional<int> printerJob; ///< what `accepted` made durable; nothing: it was not called
    std::chrono::milliseconds repairLimit = std::chrono::seconds(60);
};

/// Thread: bound to the thread of its device; no function is safe from two threads.
class DocumentPrinter {
public:
    virtual ~DocumentPrinter() = default;

    /// Asks the device now. Errc::Disconnected or Errc::Timeout with ReconnectCable: it does not
    /// answer. Errc::Protocol with CallStaff: what answers is no such printer. Errc::Denied.
    [[nodiscard]] virtual Result<DocumentPrinterStatus> status() = 0;

    /// Prints one document and follows it to its end. A document whose id the printer still knows
    /// is followed, not sent again. Stopping cancels the job.
    [[nodiscard]] virtual DocumentReport
    print(const DocumentJob& job, const DocumentProgress& progress, std::stop_token stop) = 0;

    /// Finds the document again and follows it to its end; never sends anything. Refused: no byte
    /// of it can have left. Unknown: it was accepted, and the printer knows it no more.
    [[nodiscard]] virtual DocumentReport
    resume(const LostDocument& lost, const DocumentProgress& progress, std::stop_token stop) = 0;
};

/// Whether a text may be a DocumentJob's id.
[[nodiscard]] bool isDocumentId(std::string_view text);
/// "coverOpen", "paperOut" ...; "report" ...; "refused", "printed", "ended", "unknown".
[[nodiscard]] std::string_view name(DocumentCondition condition);
[[nodiscard]] std::string_view name(Severity severity);
[[nodiscard]] std::string_view name(DocumentOutcome outcome);
/// What a person should do about it.
[[nodiscard]] Remedy remedyFor(DocumentCondition condition);

} // namespace guichet
