// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/agreement.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace guichet::mrz {

namespace {

constexpr std::size_t kRemembered = 8;
constexpr int kFramesToAgree = 2;
constexpr float kDoubt = 1e-3F;
/// One frame counts for no more than this, however sure the network is of itself.
constexpr float kLeastDoubtOfFrame = 0.01F;
/// A letter so doubtful in one frame is not made good by others.
constexpr float kMostDoubtOfFrame = 0.3F;

ZoneCandidate copyOf(const ZoneCandidate& zone)
{
    auto letters = zone.letters.reveal();
    auto text = zone.text.reveal();
    return {.format = zone.format,
            .letters = Secret<std::vector<LetterReading>>(std::move(letters)),
            .text = Secret<std::string>(std::move(text)),
            .sound = zone.sound,
            .repairs = zone.repairs};
}

} // namespace

std::optional<AgreedZone> MrzAgreement::see(ZoneCandidate candidate)
{
    m_seen.push_back(std::move(candidate));
    if (m_seen.size() > kRemembered) {
        m_seen.pop_front();
    }
    const auto& last = m_seen.back();
    if (!last.sound || last.repairs > 0) {
        return std::nullopt;
    }
    std::vector<float> doubts(last.letters.reveal().size(), 1.0F);
    int frames = 0;
    for (const auto& zone : m_seen) {
        if (!zone.sound || zone.repairs > 0 || zone.text.reveal() != last.text.reveal()) {
            continue;
        }
        ++frames;
        for (std::size_t at = 0; at < doubts.size(); ++at) {
            const float doubt = zone.letters.reveal()[at].unnoticed;
            doubts[at] *= doubt > kMostDoubtOfFrame ? 1 : std::max(doubt, kLeastDoubtOfFrame);
        }
    }
    if (frames < kFramesToAgree || *std::ranges::max_element(doubts) > kDoubt) {
        return std::nullopt;
    }
    AgreedZone agreed{Acceptance::Accepted, copyOf(last), frames};
    startOver();
    return agreed;
}

std::optional<AgreedZone> MrzAgreement::best()
{
    const ZoneCandidate* best = nullptr;
    std::pair<bool, int> bestRank;
    for (const auto& zone : m_seen) {
        if (!zone.sound) {
            continue;
        }
        const auto frames =
            static_cast<int>(std::ranges::count_if(m_seen, [&zone](const ZoneCandidate& other) {
                return other.text.reveal() == zone.text.reveal();
            }));
        const std::pair rank(zone.repairs == 0, frames);
        if (best == nullptr || rank > bestRank) {
            best = &zone;
            bestRank = rank;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    return AgreedZone{Acceptance::Confirm, copyOf(*best), bestRank.second};
}

void MrzAgreement::startOver()
{
    m_seen.clear();
}

} // namespace guichet::mrz
