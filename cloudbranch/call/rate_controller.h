// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace guichet::call {

/// What the other end's transport-wide feedback says of the last quarter of a second.
struct LineReport {
    double sentBps = 0;     ///< bits a second, everything
    double receivedBps = 0; ///< of that, what arrived
    double lossPct = 0;
    double delayGrowthMs = 0; ///< how much later packets arrived at its end than at its start
    int packets = 0;          ///< that it tells of
};

enum class Picture {
    Full,  ///< 640x360 at 25 a second
    Small, ///< 320x180 at 15
    Still, ///< one every two seconds: the line is the sound's
};

struct RatePlan {
    int videoBps = 0;
    Picture picture = Picture::Full;
    int fecPct = 0; ///< of the video's packets, once more as parity

    [[nodiscard]] bool operator==(const RatePlan&) const = default;
};

/// How much to send, so that the sound comes first and nothing waits in queues. Debian 12 has no
/// congestion control for GStreamer. Pure; call update() every 200 to 250 ms.
///
/// A full queue and a bad line both lose packets: when loss alone speaks, the rate is lowered until
/// enough packets have told. If as much is lost then, it is the line's own loss, which sending less
/// does not cure.
class RateController {
public:
    static constexpr double kSoundBps = 40e3, kStartBps = 300e3, kLeastBps = 60e3;

    explicit RateController(double mostVideoBps = 700e3);

    RatePlan update(const LineReport& report);
    [[nodiscard]] const RatePlan& plan() const { return m_plan; }
    /// Another line begins.
    void restart();

private:
    void back(const LineReport& report);
    void judgeTrial(const LineReport& report);
    void raise(const LineReport& report);
    void spend();

    double m_mostVideoBps;
    double m_totalBps = kStartBps;
    double m_lossPct = 0;     ///< smoothed over a second
    double m_slowLossPct = 0; ///< over some five: what FEC is for
    double m_ownLossPct = 0;  ///< what the line loses at any rate
    double m_queueMs = 0;     ///< what has gathered before the line, as far as arrivals tell
    double m_ceilingBps = 0;  ///< where it was too much last time; 0: not known
    int m_ceilingAge = 0;     ///< reports since
    int m_pause = 0;          ///< reports until the last step shows
    bool m_trial = false;     ///< that step asks whether the loss is the line's own
    double m_trialPackets = 0;
    double m_trialLost = 0;
    double m_beforeBps = 0;
    double m_beforeLossPct = 0;
    RatePlan m_plan;
};

} // namespace guichet::call
