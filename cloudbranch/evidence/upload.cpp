// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/upload.h"

#include <algorithm>
#include <tuple>

namespace guichet::evidence {

void Upload::extend(const TrackHead& position)
{
    m_tracks[position.track].positions.emplace(position.bytes, position.link);
}

void Upload::end()
{
    m_ended = true;
}

Result<void> Upload::acknowledge(const std::string& track, std::uint64_t bytes, const Link& link)
{
    const auto found = m_tracks.find(track);
    if (found == m_tracks.end()) {
        return fail(Errc::NotFound, "upload: there is no track " + track);
    }
    auto& [positions, acknowledged] = found->second;
    const auto position = positions.find(bytes);
    if (bytes == 0 || (position != positions.end() && position->second == link)) {
        acknowledged = bytes;
        return {};
    }
    acknowledged = 0;
    return fail(Errc::Conflict, "upload: the server's first " + std::to_string(bytes) +
                                    " bytes of track " + track +
                                    " are not ours; it is sent from its start again");
}

std::optional<UploadPart> Upload::next(std::uint64_t most) const
{
    using Entry = std::pair<const std::string, Track>;
    const auto left = [](const Entry& entry) {
        return entry.second.positions.rbegin()->first - entry.second.acknowledged;
    };
    const auto urgency = [&left](const Entry& entry) {
        const bool log = entry.first == "log" || entry.first.starts_with("log-");
        return std::tuple(left(entry) == 0, !log, entry.second.acknowledged);
    };
    const auto first = std::min_element(
        m_tracks.begin(), m_tracks.end(),
        [&urgency](const Entry& a, const Entry& b) { return urgency(a) < urgency(b); });
    if (first == m_tracks.end() || left(*first) == 0) {
        return std::nullopt;
    }
    const auto& [positions, acknowledged] = first->second;
    const auto beyond = positions.upper_bound(acknowledged + std::min(most, left(*first)));
    const auto fits = beyond == positions.begin() ? beyond : std::prev(beyond);
    const auto end = fits->first > acknowledged ? fits : positions.upper_bound(acknowledged);
    return UploadPart{.track = first->first, .from = acknowledged, .to = end->first};
}

bool Upload::mayRemove() const
{
    return m_ended && !m_tracks.empty() &&
           std::all_of(m_tracks.begin(), m_tracks.end(), [](const auto& entry) {
               return entry.second.acknowledged == entry.second.positions.rbegin()->first;
           });
}

} // namespace guichet::evidence
