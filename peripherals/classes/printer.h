// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "peripherals/base/bytes.h"
#include "peripherals/classes/bitmap.h"

/// A receipt printer: what it says of itself, and one job that is printed once or accounted for.
namespace guichet {

struct PrinterStatus {
    bool online = true; ///< takes data now
    bool coverOpen = false;
    bool paperOut = false;
    bool paperNearEnd = false;              ///< a warning: some metres are left
    bool cutterError = false;               ///< jammed knife
    bool otherError = false;                ///< mechanical, may recover (overheated head, jam)
    bool needsService = false;              ///< the printer calls it unrecoverable
    std::optional<bool> paperAtOutlet = {}; ///< not taken yet; nothing: no sensor looks there

    /// True if a job can be started.
    [[nodiscard]] bool ready() const;
    /// What a person should do to make it ready; None if it is.
    [[nodiscard]] Remedy remedy() const;

    [[nodiscard]] bool operator==(const PrinterStatus&) const = default;
};

/// For logs and errors: "cover open, paper out", or "ready".
[[nodiscard]] std::string describe(const PrinterStatus& status);

/// How a job's paper is parted from the roll.
enum class CutKind {
    Usual, ///< as the printer does best
    Partial,
    Full,
    None,
};

struct PrintJob {
    std::string id; ///< the caller's, for the log
    /// A picture at most as wide as the head, or bytes in the printer's own language that leave
    /// out initialising and cutting: the driver frames both alike.
    std::variant<Bitmap, Bytes> content;
    CutKind cut = CutKind::Usual; ///< one that the printer has not is its usual one
    /// How far a presenter holds the paper out; nothing: as usual.
    std::optional<int> presentMm = {};
    /// An earlier process may have left part of a ticket in the printer: it is cut off first.
    bool remains = false;
    /// How long a stopped printer (paper, cover) is waited for, all stops together, before the job
    /// is given up.
    std::chrono::milliseconds repairLimit = std::chrono::seconds(60);
};

/// What happens to a job, told as it happens, on the thread of print(). Empty functions are
/// skipped.
struct PrintProgress {
    /// The first of `bytes` bytes is about to leave. Make the attempt durable here; a failure
    /// refuses the job, and nothing has left.
    std::function<Result<void>(std::size_t bytes)> beforeFirstByte;
    /// The last byte was accepted by the carrier; nothing is proven yet.
    std::function<void()> allAccepted;
    /// The printer said that it has printed all of it.
    std::function<void()> printed;
    /// The printer stands in the middle of the job and is waited for, or stands no longer.
    std::function<void(const PrinterStatus&)> stopped;
};

enum class PrintOutcome {
    Refused, ///< not one byte of the job left: safe to repeat anywhere
    Printed, ///< the printer answered behind the job's last byte
    Unknown, ///< some bytes left: the paper may or may not exist. Never repeat unmarked
};

enum class PrintProof {
    None,
    ProcessId,    ///< the printer returned the job's own number
    InOrderReply, ///< a reply that is given in order came after the cut (printers without ids)
};

struct PrintReport {
    PrintOutcome outcome = PrintOutcome::Refused;
    PrintProof proof = PrintProof::None;
    std::size_t bytesSent = 0; ///< of the job, accepted by the carrier
    std::size_t bytesTotal = 0;
    /// The job was given up and the printer confirmed that it threw the rest away: no old ticket
    /// will come out after the refill.
    bool restDiscarded = false;
    std::optional<Error> error{}; ///< why it was not printed; its remedy is for the customer
};

/// What can be done with paper that is printed and cut, in a printer that holds it.
enum class PaperMove {
    Present, ///< hold it out to the customer
    Retract, ///< take back what nobody took
    Expel,   ///< push it out, to fall where it may
};

/// What a receipt printer is made of.
struct PrinterTraits {
    int widthDots = 576;
    bool presenter = false;   ///< holds printed paper out
    bool retract = false;     ///< and takes it back
    bool expel = false;       ///< and pushes it out
    bool takenSensor = false; ///< and sees whether it was taken
    /// When to take back what nobody took; zero: never.
    std::chrono::seconds retractAfter{0};
    CutKind usualCut = CutKind::Partial; ///< None: the customer tears it off
    std::string abilities = {};          ///< for people who send it raw bytes

    [[nodiscard]] bool operator==(const PrinterTraits&) const = default;
};

/// Thread: bound to the thread of its device; no function is safe from two threads.
class ReceiptPrinter {
public:
    virtual ~ReceiptPrinter() = default;

    /// Asks the device now, reconnecting if need be. Errc::Disconnected or Errc::Timeout with
    /// ReconnectCable: it does not answer. Errc::Protocol with CallStaff: it speaks another
    /// language.
    [[nodiscard]] virtual Result<PrinterStatus> status() = 0;

    /// Prints one job: checks first, sends once, and never sends a byte twice. Stopping gives the
    /// job up; bytes that left stay left.
    [[nodiscard]] virtual PrintReport print(const PrintJob& job, const PrintProgress& progress,
                                            std::stop_token stop) = 0;

    /// Moves the paper in the presenter and returns when the printer has done so.
    /// Errc::Unsupported: it has no way to; else as status().
    [[nodiscard]] virtual Result<void> move(PaperMove how) = 0;

    [[nodiscard]] virtual const PrinterTraits& traits() const = 0;
};

/// "refused", "printed", "unknown"; "none", "processId", "inOrderReply".
[[nodiscard]] std::string_view name(PrintOutcome outcome);
[[nodiscard]] std::string_view name(PrintProof proof);

} // namespace guichet
