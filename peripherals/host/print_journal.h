// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

/// Each attempt to put a ticket or a document on paper, on disk before the step that it names.
namespace guichet::host {

enum class PrintState {
    Created,
    Rendered,
    Sending, ///< from here on the paper may exist, unless it becomes Refused
    Sent,
    Printed, ///< the printer said so
    Refused, ///< nothing left for the printer; may be tried again
    Voided,  ///< the printer threw it away, or a paper of higher print index replaced it
    Unknown, ///< the paper may or may not exist; never printed again under this index
};

[[nodiscard]] std::string_view name(PrintState state);
[[nodiscard]] std::optional<PrintState> printStateFromName(std::string_view text);

/// What is known of the papers of one ticket.
struct PrintHistory {
    std::int64_t next = 1; ///< the index that the next paper takes; a refused one is free again
    bool paper = false;    ///< one came out, or may have

    [[nodiscard]] bool operator==(const PrintHistory&) const = default;
};

struct PrintAttempt {
    std::string ticketId;
    std::int64_t printIndex = 1;
    PrintState state = PrintState::Created;
    Instant changed;
    std::size_t bytes = 0;  ///< from sending on
    std::string hash = {};  ///< SHA-256 of what was sent, hexadecimal: no personal data
    std::string proof = {}; ///< how `printed` is known
    int printerJob = 0;     ///< the number that a document printer gave it; 0: none

    [[nodiscard]] bool operator==(const PrintAttempt&) const = default;
};

/// One record of the journal file, with its newline, and back. Pure.
[[nodiscard]] std::string encodeAttempt(const PrintAttempt& attempt);
/// Fails with Errc::Protocol.
[[nodiscard]] Result<PrintAttempt> decodeAttempt(std::string_view line);

/// True if the attempt may go from one state to the other; nothing leaves Printed.
[[nodiscard]] bool allowed(std::optional<PrintState> from, PrintState to);

/// A file that is appended to, and flushed to the disk, at every step; written anew when it has
/// become long. Keeps a week. Thread-safe.
class PrintJournal {
public:
    /// Reads the file and closes what a crash left open: sending and sent become unknown, created
    /// and rendered become refused. A torn last line is dropped. Fails with Errc::Denied (a
    /// file that is there and cannot be read, or cannot be written) or Errc::Protocol (a damaged
    /// line that is not the last): nothing is guessed.
    [[nodiscard]] static Result<std::unique_ptr<PrintJournal>>
    open(const std::filesystem::path& file, const Clock& clock);

    [[nodiscard]] std::optional<PrintAttempt> find(const std::string& ticketId,
                                                   std::int64_t printIndex) const;
    /// The highest print index known of a ticket; 0 if none is.
    [[nodiscard]] std::int64_t highest(const std::string& ticketId) const;
    [[nodiscard]] PrintHistory history(const std::string& ticketId) const;
    /// Those of which nobody knows whether the paper exists.
    [[nodiscard]] std::vector<PrintAttempt> unknown() const;
    /// Returns when the step is on the disk. A paper that exists or may, Printed or Unknown, makes
    /// unknown ones of lower index void. Fails with Errc::Conflict for a step that the states
    /// do not allow, Errc::Internal if the disk refuses: then the step must not be taken.
    [[nodiscard]] Result<void> record(PrintAttempt attempt);
    /// Records the attempt in that state, and takes it over if that is on the disk; logs it if not.
    [[nodiscard]] Result<void> advance(PrintAttempt& attempt, PrintState state);
    /// Whether part of a ticket may still be in the printer: what last reached it is not known to
    /// have come out whole.
    [[nodiscard]] bool mayHaveRemains() const;

private:
    using Key = std::pair<std::string, std::int64_t>;
    /// Attempts of lower index that are unknown are void from now on.
    [[nodiscard]] Result<void> voidBelow(const Key& which);

    PrintJournal(std::filesystem::path file, const Clock& clock);
    [[nodiscard]] Result<void> load();
    void forgetOld();
    [[nodiscard]] Result<void> settleName();
    [[nodiscard]] Result<void> rewrite();
    void rewriteIfLong();
    [[nodiscard]] Result<void> append(const PrintAttempt& attempt);

    std::filesystem::path m_file;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    UniqueFd m_descriptor;
    off_t m_size = 0; ///< of whole records
    std::size_t m_records = 0;
    std::size_t m_rewriteAt = 0;
    bool m_torn = false; ///< a half record could not be taken back; nothing follows it
    bool m_named = true; ///< the file's name is on the disk like its content
    std::map<Key, PrintAttempt> m_attempts;
    std::optional<Key> m_lastReached; ///< what reached the printer last, if known
};

} // namespace guichet::host
