// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cloudbranch/evidence/keys.h"
#include "cloudbranch/evidence/retention.h"
#include "cloudbranch/evidence/track_format.h"

/// The one document that ties a case's tracks together. Plain values and JSON text: no I/O.
namespace guichet::evidence {

constexpr std::size_t kMostTracks = 64;
constexpr std::string_view kManifestFile = "manifest.json";
constexpr std::string_view kTrackSuffix = ".track";

/// How far a track's chain had come, on the disk.
struct TrackHead {
    std::string track;
    std::string mediaType;
    std::uint32_t chunks = 0;
    std::uint64_t bytes = 0; ///< of the file: header and chunks
    Link link{};             ///< after the last of these chunks
    bool closed = false;

    [[nodiscard]] bool operator==(const TrackHead&) const = default;
};

/// The heads of all chains of a case at one moment.
struct Heads {
    std::string caseId;
    std::string terminal;
    Instant opened{};
    Instant at{};
    bool closed = false; ///< the case: no track will follow
    std::vector<TrackHead> tracks;

    [[nodiscard]] bool operator==(const Heads&) const = default;
};

struct Manifest {
    Heads heads;
    std::string signature;              ///< over headsText(), empty: nobody vouches
    std::optional<Retention> retention; ///< not signed: the bank may change it later

    [[nodiscard]] bool operator==(const Manifest&) const = default;
};

/// What is signed: the heads as JSON in the form of RFC 8785.
[[nodiscard]] std::string headsText(const Heads& heads);
/// One line of JSON.
[[nodiscard]] std::string manifestText(const Manifest& manifest);
/// Reads what manifestText wrote. Errc::Protocol: no JSON, too long, too many tracks, a track
/// twice, or a member that is missing or not legal, which is named. Errc::Unsupported: another
/// version or suite.
[[nodiscard]] Result<Manifest> parseManifest(std::string_view text);

} // namespace guichet::evidence
