// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cloudbranch/call/control_message.h"
#include "cloudbranch/call/event_loop.h"
#include "cloudbranch/call/media_watch.h"
#include "cloudbranch/call/peer.h"
#include "cloudbranch/call/quality.h"
#include "cloudbranch/call/quality_intervals.h"
#include "cloudbranch/call/recorder.h"
#include "cloudbranch/call/remote_picture.h"
#include "cloudbranch/call/sound.h"
#include "cloudbranch/call/video_capture.h"

namespace guichet::call {

struct CallOptions {
    std::string audioSource; ///< of GStreamer; empty: the default device
    std::string audioSink;
    bool loopback = false;
};

/// One case at a time: what lives from its open to its close, and the peer that comes and goes. On
/// the loop's thread.
class Call {
public:
    /// Says its events by `loop`, which outlives it, as does `clock`.
    Call(CallOptions options, EventLoop& loop, const Clock& clock);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// One line of the kiosk's. What fails is told and changes nothing.
    void hear(std::string_view line);
    /// Every 50 ms.
    void tick();
    /// Lets go of the case, if there is one, as it stands: whoever opens it next goes on with it.
    void leave();

private:
    struct Case;
    enum class End { Closed, Left };

    Result<void> perform(const Open& command);
    Result<void> perform(const Connect& command);
    Result<void> perform(const Servers& command);
    Result<void> perform(const Answer& command);
    Result<void> perform(const Candidate& command);
    Result<void> perform(const NeedOffer& command);
    Result<void> perform(const Camera& command);
    Result<void> perform(const Microphone& command);
    Result<void> perform(const Log& command);
    Result<void> perform(const Retain& command);
    Result<void> perform(const Tell& command);
    Result<void> perform(const Disconnect& command);
    Result<void> perform(const Close& command);

    Result<void> startSides(const Open& command);
    void end(End how);
    Result<void> startPeer();
    void dropPeer();
    [[nodiscard]] PeerEvents peerEvents();
    void sayFailed(std::string_view of, const Error& error);
    void sayMedia();
    void sayQuality(Ticks now);
    void note(std::string_view event, std::string_view detail);
    void noteIntervals();
    void sayKept(const std::string& id);
    void control();
    void fromSeat(const std::string& text);

    const CallOptions m_options;
    EventLoop& m_loop;
    const Clock& m_clock;
    std::unique_ptr<Case> m_case;
};

} // namespace guichet::call
