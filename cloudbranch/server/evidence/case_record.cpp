// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/case_record.h"

#include <algorithm>
#include <numeric>

namespace guichet::hub {

using evidence::Heads;
using evidence::TrackHead;

namespace {

constexpr std::size_t kLeastChunk = evidence::kChunkHead + cipher::kTag + evidence::kLink;

tl::unexpected<Error> takesBack(const std::string& what)
{
    return fail(Errc::Conflict, "heads: " + what + " is not as the heads before had it");
}

const TrackHead* find(const Heads& heads, const std::string& track)
{
    const auto found = std::ranges::find(heads.tracks, track, &TrackHead::track);
    return found == heads.tracks.end() ? nullptr : &*found;
}

bool continues(const TrackHead& last, const TrackHead& next)
{
    const bool same = next.chunks == last.chunks && next.bytes == last.bytes &&
                      next.link == last.link && next.closed >= last.closed;
    const bool longer = next.chunks > last.chunks && next.bytes > last.bytes && !last.closed;
    return next.mediaType == last.mediaType && (same || longer);
}

} // namespace

std::uint64_t CaseRecord::bytes() const
{
    return std::accumulate(
        tracks.begin(), tracks.end(), std::uint64_t{0},
        [](std::uint64_t sum, const StoredTrack& track) { return sum + track.bytes; });
}

bool CaseRecord::onHold() const
{
    return std::ranges::any_of(holds, [](const CaseHold& hold) { return !hold.released; });
}

std::optional<evidence::Retention> CaseRecord::retention() const
{
    auto retention = manifest.retention;
    if (retention) {
        for (const auto& hold : holds) {
            retention->holds.push_back({hold.id, hold.placed, hold.released});
        }
    }
    return retention;
}

Result<void> follows(const Heads& last, const Heads& next)
{
    if (next.at < last.at) {
        return fail(Errc::Conflict, "heads: of " + toRfc3339(next.at) + ", but there are some of " +
                                        toRfc3339(last.at));
    }
    if (next.opened != last.opened) {
        return takesBack("when the case was opened");
    }
    if (last.closed && !next.closed) {
        return takesBack("that the case is closed");
    }
    for (const auto& track : last.tracks) {
        const auto* now = find(next, track.track);
        if (now == nullptr || !continues(track, *now)) {
            return takesBack("track " + track.track);
        }
    }
    if (last.closed && next.tracks.size() != last.tracks.size()) {
        return takesBack("the number of tracks of a closed case");
    }
    return {};
}

Result<std::string> linkBehind(const std::string& caseId, const std::string& track,
                               std::uint64_t from, ByteView part)
{
    if (from == 0) {
        const auto size = evidence::headerSize(part);
        if (!size || part.size() < *size) {
            return fail(Errc::Invalid, "track: it does not begin with a whole header of a track");
        }
        const auto header = evidence::parseHeader(part);
        if (!header || header->caseId != caseId || header->track != track) {
            return fail(Errc::Invalid,
                        "track: its header is not that of track " + track + " of case " + caseId);
        }
        if (part.size() == *size) {
            return toHex(evidence::firstLink(part));
        }
        part = part.subspan(*size);
    }
    if (part.size() < kLeastChunk) {
        return fail(Errc::Invalid,
                    "track: " + std::to_string(part.size()) + " bytes, want whole chunks");
    }
    return toHex(part.last(evidence::kLink));
}

} // namespace guichet::hub
