// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/evidence/manifest.h"

/// What the hub knows of a case whose evidence it keeps, and what it lets be said of one. Plain
/// values and rules: no I/O, no clock. Thread-safe.
namespace guichet::hub {

/// How far the hub has a track.
struct StoredTrack {
    std::string track;
    std::uint64_t bytes = 0;
    std::string link = {}; ///< where its chain stands there, hexadecimal; empty: nothing is there

    [[nodiscard]] bool operator==(const StoredTrack&) const = default;
};

/// A legal hold as the hub keeps it: who wanted it, and why.
struct CaseHold {
    std::string id;
    std::string reason;
    std::string placedBy;
    Instant placed{};
    std::string releasedBy = {};
    std::optional<Instant> released = {};
};

struct CaseRecord {
    std::string id;
    std::string terminal;
    Instant begun{};              ///< when its first heads came
    evidence::Manifest manifest;  ///< the last one
    std::uint64_t headsCount = 0; ///< how many the hub has of it
    std::uint64_t headsBytes = 0; ///< of their file
    std::vector<StoredTrack> tracks = {};
    std::vector<CaseHold> holds = {};
    std::optional<Instant> completed = {}; ///< nothing follows, and nothing was changed
    std::optional<Instant> removed = {};
    std::optional<Instant> checked = {};
    std::string report = {}; ///< of that check, JSON; empty: never checked

    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] bool onHold() const;
    /// The bank's holds and those that came with the manifest, together.
    [[nodiscard]] std::optional<evidence::Retention> retention() const;
};

/// Whether `next` may stand after `last` in the life of one case. Errc::Conflict: it is earlier, or
/// takes something back: a case that was set back to a former moment says so here.
[[nodiscard]] Result<void> follows(const evidence::Heads& last, const evidence::Heads& next);

/// A part of a track's file fits behind the first `from` bytes of it: it begins the file with the
/// header of this case and track, and has at least one whole chunk, or the header alone. Gives
/// where the chain stands behind it, as its last chunk says. Errc::Invalid.
[[nodiscard]] Result<std::string> linkBehind(const std::string& caseId, const std::string& track,
                                             std::uint64_t from, ByteView part);

} // namespace guichet::hub
