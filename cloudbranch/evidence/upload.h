// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cloudbranch/evidence/manifest.h"

namespace guichet::evidence {

/// Bytes of a track's file to be sent to the server, which answers how far it has the track.
struct UploadPart {
    std::string track;
    std::uint64_t from = 0;
    std::uint64_t to = 0; ///< the end of a chunk that is on the disk

    [[nodiscard]] bool operator==(const UploadPart&) const = default;
};

/// How far the server has each track of one case. Plain values: no I/O, no clock. Nothing of it
/// needs to be stored: after a restart the files (TrackQuestion::onPosition) and the server tell it
/// all again. Not thread-safe.
class Upload {
public:
    /// On the disk the track's chain has come this far, as TrackWriter::head() or onPosition say.
    void extend(const TrackHead& position);
    /// Nothing will be written any more: to the tracks known so far, and no further track.
    void end();
    /// The server says that it has the first `bytes` of a track and that its chain stands at `link`
    /// there; 0 bytes: it has nothing. Errc::Conflict: these are no bytes of ours; the track is
    /// sent from its start again. Errc::NotFound: no such track.
    [[nodiscard]] Result<void> acknowledge(const std::string& track, std::uint64_t bytes,
                                           const Link& link);

    /// What to send next: the log first of all, then the track of which the server has least. At
    /// most `most` bytes, or up to the next known position if that is further.
    [[nodiscard]] std::optional<UploadPart> next(std::uint64_t most) const;
    /// The server has every byte that there will ever be: the case may be removed here.
    [[nodiscard]] bool mayRemove() const;

private:
    struct Track {
        std::map<std::uint64_t, Link> positions; ///< by bytes
        std::uint64_t acknowledged = 0;
    };

    std::map<std::string, Track> m_tracks;
    bool m_ended = false;
};

} // namespace guichet::evidence
