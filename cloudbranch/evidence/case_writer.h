// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cloudbranch/evidence/attachment.h"
#include "cloudbranch/evidence/case_folder.h"
#include "cloudbranch/evidence/track_writer.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::evidence {

struct CaseSettings {
    std::string caseId;
    std::string terminal;
    SealingKey recipient;
    std::optional<SigningKey> signer = {};
    std::optional<Retention> retention = {};
    SpaceRule space = {};
    /// Gets the manifest's text whenever there is a new one: to be sent to the server, which keeps
    /// it. Called by the thread that opens a track, ticks or closes; must not call back.
    std::function<void(const std::string& manifest)> onHeads = {};
};

/// Writes one case: its tracks, its log, and the manifest that ties them together. Any thread may
/// call; there is none of its own.
class CaseWriter {
public:
    /// Makes the folder `root`/CASE with its log, or goes on with a case that was not closed, after
    /// a crash or at the next call; what it left behind is read once, to take up its heads. One
    /// writer at a time, also of another process: waits three seconds for it. Errc::Conflict: it is
    /// closed. Errc::Busy: not enough room, the disk, or that other writer. Errc::Invalid: a
    /// setting. `clock` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<CaseWriter>>
    open(const std::filesystem::path& root, CaseSettings settings, const Clock& clock);

    /// Lives as long as the case. If there is a track of this name, the new one is its next part:
    /// NAME-2, NAME-3. Errc::Invalid: the name, the media type, or more tracks than a case has.
    [[nodiscard]] Result<TrackWriter*> openTrack(const std::string& name,
                                                 const std::string& mediaType);

    /// Writes one JSON object to the log; it is on the disk when this returns. Its content is the
    /// caller's, but for the members "heads" and "attachment", which are ours. Errc::Invalid: no
    /// JSON object, longer than 32 KiB, or more than one line.
    [[nodiscard]] Result<void> log(std::string_view entry);
    /// The same with a picture or a document that belongs to it, which is on the disk first.
    /// Errc::Invalid also: no media type, nothing, or more than kLargestAttachment.
    [[nodiscard]] Result<void> attach(std::string_view entry, const std::string& mediaType,
                                      ByteView content);

    /// From now on the case is kept at least as long as this says (see longer()); the manifest has
    /// it when this returns. Errc::Invalid: no legal class.
    [[nodiscard]] Result<void> retain(const Retention& retention);

    /// To be called at least four times a second: ends old chunks; every 10 s writes the heads of
    /// all chains to manifest and log and hands them to onHeads. Does all it can, then tells the
    /// first failure.
    [[nodiscard]] Result<void> tick();

    /// Closes every track, then the log, then the case. Does all it can, then tells the first
    /// failure. What is destroyed without it is a case that was not closed.
    [[nodiscard]] Result<void> close();

private:
    CaseWriter(std::filesystem::path folder, CaseSettings settings, const Clock& clock);

    Result<void> lockFolder();
    Result<void> prepareFolder(const std::filesystem::path& root);
    Result<void> takeUpPast(const Heads& listed);
    Result<TrackWriter*> addTrack(const std::string& name, const std::string& mediaType);
    Result<void> writeManifest(bool closed);
    Result<void> anchor();
    [[nodiscard]] Manifest manifestNow(bool closed) const;

    std::mutex m_mutex;
    const std::filesystem::path m_folder;
    UniqueFd m_lock; ///< on the folder, until this or the process is gone
    const CaseSettings m_settings;
    const Clock& m_clock;
    Instant m_opened;
    std::optional<Retention> m_retention;
    std::vector<TrackHead> m_past; ///< of tracks that an earlier process left behind
    std::vector<std::unique_ptr<TrackWriter>> m_tracks;
    TrackWriter* m_log = nullptr; ///< one of m_tracks; set once, before anybody else can call
    TrackWriter* m_attachments = nullptr; ///< one of m_tracks, from the first attachment on
    std::uint32_t m_attached = 0;         ///< in that track
    Ticks m_anchored{};
    bool m_closed = false;
};

} // namespace guichet::evidence
