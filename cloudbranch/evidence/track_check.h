// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cloudbranch/evidence/manifest.h"
#include "cloudbranch/evidence/track_format.h"
#include "peripherals/base/sealing.h"

/// Walks along one track's file and says what is whole. No I/O of its own: bytes come and go by
/// functions.
namespace guichet::evidence {

enum class Verdict {
    Whole,     ///< closed, and nothing is missing or changed
    NotClosed, ///< nothing is changed, but the recording ended without an end: power, a crash
    Changed,
};

enum class FaultKind {
    Changed,    ///< bytes are not those that were written
    Missing,    ///< chunks in the middle are not there
    OutOfPlace, ///< a chunk is where another belongs: moved or repeated
    Malformed,  ///< not the bytes of a track; nothing behind them can be read
    Trailing,   ///< bytes behind the last chunk
    Truncated,  ///< there were more chunks when the heads were written down
    Foreign,    ///< of another case or track
    Absent,     ///< the file is not there
    Unlisted,   ///< the case was closed without it
    Unsigned,   ///< the heads do not have the terminal's signature
};

struct Fault {
    FaultKind kind = FaultKind::Changed;
    std::uint32_t chunk = 0;        ///< 0: the header, or the file as such
    std::optional<Instant> at = {}; ///< when that chunk was recorded, or the one before it
    std::string detail;             ///< one sentence

    [[nodiscard]] bool operator==(const Fault&) const = default;
};

/// Stable lower-camel-case names for JSON.
[[nodiscard]] std::string_view name(Verdict verdict);
[[nodiscard]] std::string_view name(FaultKind kind);

/// A head of the track's chain that somebody wrote down.
struct Anchor {
    std::uint32_t chunks = 0;
    Link link{};
    Instant at{};       ///< when it was written down
    std::string source; ///< where: "the manifest"
};

/// Fills the buffer from the file's next bytes; fewer than it holds: the file ends.
using Source = std::function<Result<std::size_t>(std::span<std::byte> buffer)>;

struct TrackQuestion {
    const OpeningKey* key = nullptr; ///< none: only the chain is checked
    std::vector<Anchor> anchors = {};
    /// Gets the content of each chunk that the key opens, in order, never twice. Its failure ends
    /// the walk and is passed on.
    std::function<Result<void>(const ChunkHead& head, ByteView content)> onContent = {};
    /// Gets where the chain stands after the header and after each chunk without a fault.
    std::function<void(const TrackHead& position)> onPosition = {};
};

struct TrackReport {
    std::string track; ///< of its header; empty if that cannot be read
    std::string caseId;
    std::string mediaType;
    Verdict verdict = Verdict::Changed;
    std::uint32_t chunks = 0;
    std::uint64_t bytes = 0;           ///< of the file, as far as it was read
    std::optional<Instant> from = {};  ///< the first chunk
    std::optional<Instant> until = {}; ///< the last chunk
    bool opened = false;               ///< the key was given and fits: every tag was checked too
    bool refused = false;              ///< the key was given and does not fit
    std::vector<Fault> faults = {};    ///< the first kMostFaults
    std::size_t faultCount = 0;
};

constexpr std::size_t kMostFaults = 16;

/// Adds a fault: the track is changed.
void addFault(TrackReport& report, Fault fault);

/// Checks a whole track. Whatever is wrong with the bytes is in the report; fails only if they
/// cannot be read, or the content cannot be passed on. Damage to one chunk costs that chunk alone,
/// a chunk that is missing itself and the one behind it.
[[nodiscard]] Result<TrackReport> checkTrack(const Source& source, const TrackQuestion& question);

} // namespace guichet::evidence
