// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/classes/printer.h"

/// Bytes of ESC/POS, and nothing else: no I/O, no clock. Safe to fuzz.
namespace guichet::escpos {

// ---- what we send -------------------------------------------------------------------------------

/// Real-time questions, sent as DLE EOT n; answered at once even by a stopped printer.
enum class StatusPage : unsigned char { Printer = 1, OfflineCause = 2, ErrorCause = 3, Paper = 4 };

inline constexpr std::array kStatusPages{StatusPage::Printer, StatusPage::OfflineCause,
                                         StatusPage::ErrorCause, StatusPage::Paper};

/// Four printable characters that name a job to the printer.
using ProcessId = std::array<char, 4>;

[[nodiscard]] Bytes encodeStatusRequest(StatusPage page);

/// Ends whatever a broken connection left unfinished (as many zeros as one of our strips is long)
/// and initialises.
[[nodiscard]] Bytes encodeResynchronisation(bool automaticStatus = true);
/// The zeros are longer than any strip of encodeRaster is.
inline constexpr std::size_t kResynchronisationZeros = 8192;

/// Initialises, which silences automatic status on some models, and asks for it again: the printer
/// answers with one status block. Without `automaticStatus` it is not asked for.
[[nodiscard]] Bytes encodeInitialise(bool automaticStatus = true);

/// By which command pictures are printed.
enum class RasterCommand {
    GsV0, ///< the oldest, known to nearly all
    GsL,  ///< stored, then printed: newer models
};

/// The picture in strips of at most so many rows, each printed by itself. Two bytes in a row that a
/// printer would obey as a real-time command, even inside a picture, are kept apart by one more
/// black dot.
[[nodiscard]] Bytes encodeRaster(const Bitmap& bitmap, RasterCommand command = RasterCommand::GsV0,
                                 int stripRows = 96);

/// Feeds to the knife and cuts through, or all but one point; CutKind::None feeds to the tear bar.
[[nodiscard]] Bytes encodeCut(CutKind kind);
/// Answered with the id when all before it has been printed.
[[nodiscard]] Bytes encodeProcessId(const ProcessId& id);
/// Answered with one byte, in order: all before it has been processed.
[[nodiscard]] Bytes encodeInOrderQuestion();
/// Asks a kiosk printer for its full status, the sensor at its mouth included; answered at once.
[[nodiscard]] Bytes encodeTicketRequest();
/// How many answers in order these bytes can draw from a printer at most, counted by the commands
/// that could be in them (also where they are dots of a picture). Nothing: there is no telling.
[[nodiscard]] std::optional<int> mostAnswers(ByteView raw);
/// Real time: throw away all that was received; answered by a Cleared block.
[[nodiscard]] Bytes encodeClear();

// ---- what the printer says ----------------------------------------------------------------------

struct RealTimeStatus {
    std::byte bits;
    [[nodiscard]] bool operator==(const RealTimeStatus&) const = default;
};
struct AutomaticStatus {
    std::array<std::byte, 4> bits;
    [[nodiscard]] bool operator==(const AutomaticStatus&) const = default;
};
/// Paper, user, recoverable and unrecoverable bits of a kiosk printer.
struct TicketStatus {
    std::array<std::byte, 4> bits;
    [[nodiscard]] bool operator==(const TicketStatus&) const = default;
};
struct ProcessIdReply {
    ProcessId id;
    [[nodiscard]] bool operator==(const ProcessIdReply&) const = default;
};
struct Cleared {
    [[nodiscard]] bool operator==(const Cleared&) const = default;
};
/// Some other block: what is between its first byte and its end.
struct TextBlock {
    std::byte kind;
    std::string text;
    [[nodiscard]] bool operator==(const TextBlock&) const = default;
};
/// A single byte given in order, the answer to encodeInOrderQuestion.
struct InOrderReply {
    std::byte bits;
    [[nodiscard]] bool operator==(const InOrderReply&) const = default;
};
/// A byte that no reply begins with.
struct Noise {
    std::byte value;
    [[nodiscard]] bool operator==(const Noise&) const = default;
};
using Reply = std::variant<RealTimeStatus, AutomaticStatus, TicketStatus, ProcessIdReply, Cleared,
                           TextBlock, InOrderReply, Noise>;

/// Cuts the stream of answers into replies, however it was cut on the way. All kinds come on one
/// line, asked for or not, and are told apart by their first byte. Flow control is swallowed.
class ReplyTokenizer {
public:
    /// With `ticketStatus` the answers to encodeTicketRequest are known too. They begin as an
    /// automatic block of a printer that is on-line with all its errors at once, which none sends.
    explicit ReplyTokenizer(bool ticketStatus = false)
        : m_ticketStatus(ticketStatus)
    {
    }
    /// The replies that these bytes complete. Keeps at most one unfinished reply of 128 bytes.
    [[nodiscard]] std::vector<Reply> feed(ByteView bytes);
    [[nodiscard]] std::size_t pending() const { return m_pending.size(); }

private:
    bool m_ticketStatus;
    Bytes m_pending;
};

/// Folds the answer to `page` into `status`. Fails with Errc::Protocol and CallStaff if the fixed
/// bits are wrong: a printer of another language answers so.
[[nodiscard]] Result<PrinterStatus> decodeStatus(StatusPage page, std::byte reply,
                                                 PrinterStatus status = {});

[[nodiscard]] PrinterStatus decodeStatus(const AutomaticStatus& reply);

/// Whether printed paper is still at the printer's mouth.
[[nodiscard]] bool paperAtOutlet(const TicketStatus& status);

} // namespace guichet::escpos
