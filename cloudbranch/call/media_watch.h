// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "peripherals/base/clock.h"

namespace guichet::call {

enum class MediaState { Idle, Connecting, Up, Weak, Lost };

/// "connecting"
[[nodiscard]] std::string_view name(MediaState state);

/// Whether anything comes from the seat, and when to try anew. webrtcbin never reports that the
/// network is gone; silence does. Pure: the caller brings the time.
class MediaWatch {
public:
    static constexpr std::chrono::milliseconds kWeakAfter{3000}, kLostAfter{8000},
        kRetryAnswered{3500}, kRetryUnanswered{8000}, kPatience{12000};

    /// The kiosk wants a connection: a first one, or one to another seat.
    void connecting(Ticks now);
    /// A new peer connection was offered in place of the one before, which tells nobody anything.
    void rebuilding(Ticks now);
    /// The seat answered the offer.
    void answered(Ticks now);
    void disconnected();

    /// To be called a few times a second, with the arrival of the last packet of this peer
    /// connection, if there was one.
    void look(Ticks now, std::optional<Ticks> lastPacket);

    [[nodiscard]] MediaState state() const { return m_state; }
    /// This attempt leads nowhere: make another. An attempt without an answer gets more time, for
    /// then it is the way of the signals that is cut.
    [[nodiscard]] bool wantsRebuild(Ticks now) const;

private:
    MediaState m_state = MediaState::Idle;
    Ticks m_since{};   ///< of the kiosk's wish
    Ticks m_attempt{}; ///< when the offer was made, or its answer came
    bool m_answered = false;
    bool m_arrived = false; ///< something came by this peer connection
};

} // namespace guichet::call
