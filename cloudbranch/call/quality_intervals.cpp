// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/quality_intervals.h"

#include <utility>

namespace guichet::call {

void QualityIntervals::take(Ticks now, MediaState state)
{
    const bool good = state == MediaState::Idle || state == MediaState::Up;
    m_reached = state == MediaState::Up || state == MediaState::Weak;
    change(m_media, good ? std::string_view() : name(state), now, now);
    if (!m_reached) {
        change(m_picture, {}, now, now);
    }
}

void QualityIntervals::take(Ticks since, Ticks now, double picturesPerSecond)
{
    const bool none = m_reached && picturesPerSecond < kLeastPictures;
    change(m_picture, none ? "noPicture" : std::string_view(), since, now);
}

void QualityIntervals::end(Ticks now)
{
    m_reached = false;
    change(m_media, {}, now, now);
    change(m_picture, {}, now, now);
}

std::vector<QualityInterval> QualityIntervals::ended()
{
    return std::exchange(m_ended, {});
}

/// `what` has lasted since `from`; empty: all is well.
void QualityIntervals::change(std::optional<QualityInterval>& open, std::string_view what,
                              Ticks from, Ticks now)
{
    if (open && open->what == what) {
        return;
    }
    if (open) {
        open->until = from < open->from ? now : from;
        m_ended.push_back(*std::exchange(open, std::nullopt));
    }
    if (!what.empty()) {
        open = QualityInterval{what, from, from};
    }
}

} // namespace guichet::call
