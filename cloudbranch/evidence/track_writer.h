// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "cloudbranch/evidence/manifest.h"
#include "peripherals/base/sealing.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {

/// Writes one track's file. Any thread may call; there is none of its own, so that whoever records
/// calls tick() at least four times a second. After kill -9 all but the chunk that was being filled
/// can be played. A failure (the disk is full: Errc::Busy, Remedy::CallStaff) is told at once and
/// ends the track: every later call fails with it, and what was written before stays whole.
class TrackWriter {
public:
    /// Makes the file `folder`/NAME.track with a fresh data key. Errc::Conflict: there is such a
    /// file. Errc::Invalid: a member of the header. Errc::Busy: the disk. `clock` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<TrackWriter>>
    create(const std::filesystem::path& folder, TrackHeader header, const SealingKey& recipient,
           const Clock& clock);

    TrackWriter(const TrackWriter&) = delete;
    TrackWriter& operator=(const TrackWriter&) = delete;
    /// Leaves the track as it is: not closed.
    ~TrackWriter();

    [[nodiscard]] const std::string& name() const { return m_header.track; }

    /// Takes bytes of any length. A chunk ends at 64 KiB or one second.
    [[nodiscard]] Result<void> write(ByteView bytes);
    /// Ends a chunk that is a second old and puts on the disk what is two seconds old.
    [[nodiscard]] Result<void> tick();
    /// All that was written is on the disk when this returns.
    [[nodiscard]] Result<void> flush();
    /// Writes the last chunk. Nothing can be written afterwards (Errc::Conflict); closing again
    /// does nothing.
    [[nodiscard]] Result<void> close();

    /// What is surely on the disk, and thus what may be promised to others.
    [[nodiscard]] TrackHead head() const;

private:
    TrackWriter(UniqueFd file, TrackHeader header, cipher::Key key, const Clock& clock);

    Result<void> writable() const;
    Result<void> endChunk(bool last);
    Result<void> endOldChunk();
    Result<void> sync();
    Result<void> syncOld();
    Result<void> append(ByteView bytes);
    void wipePending();

    mutable std::mutex m_mutex;
    UniqueFd m_file;
    const TrackHeader m_header;
    const cipher::Key m_key;
    const Clock& m_clock;
    Bytes m_pending; ///< the content of the chunk that is being filled
    Instant m_pendingAt{};
    Ticks m_pendingSince{};
    TrackHead m_written;
    TrackHead m_synced;
    Ticks m_unsyncedSince{};
    std::optional<Error> m_failed;
};

} // namespace guichet::evidence
