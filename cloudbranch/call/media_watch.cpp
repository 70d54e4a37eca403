// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/media_watch.h"

namespace guichet::call {

std::string_view name(MediaState state)
{
    switch (state) {
    case MediaState::Connecting:
        return "connecting";
    case MediaState::Up:
        return "up";
    case MediaState::Weak:
        return "weak";
    case MediaState::Lost:
        return "lost";
    case MediaState::Idle:
        break;
    }
    return "idle";
}

void MediaWatch::connecting(Ticks now)
{
    m_state = MediaState::Connecting;
    m_since = now;
    rebuilding(now);
}

void MediaWatch::rebuilding(Ticks now)
{
    if (m_state == MediaState::Up || m_state == MediaState::Weak) {
        m_since = now; // silence counts from here; the packets were the old connection's
    }
    m_attempt = now;
    m_answered = false;
    m_arrived = false;
}

void MediaWatch::answered(Ticks now)
{
    m_attempt = now;
    m_answered = true;
}

void MediaWatch::disconnected()
{
    m_state = MediaState::Idle;
}

void MediaWatch::look(Ticks now, std::optional<Ticks> lastPacket)
{
    if (m_state == MediaState::Idle) {
        return;
    }
    m_arrived = lastPacket.has_value();
    const auto silence = now - lastPacket.value_or(m_since);
    if (m_state == MediaState::Connecting && !lastPacket) {
        if (silence >= kPatience) {
            m_state = MediaState::Lost;
        }
    } else if (silence >= kLostAfter) {
        m_state = MediaState::Lost;
    } else if (silence >= kWeakAfter && m_state != MediaState::Lost) {
        m_state = MediaState::Weak;
    } else if (lastPacket && silence < kWeakAfter) {
        m_state = MediaState::Up;
    }
}

bool MediaWatch::wantsRebuild(Ticks now) const
{
    // One that once worked may come back by itself until it is given up.
    const bool waiting = m_state == MediaState::Lost || (m_state != MediaState::Idle && !m_arrived);
    return waiting && now - m_attempt >= (m_answered ? kRetryAnswered : kRetryUnanswered);
}

} // namespace guichet::call
