// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/rate_controller.h"

#include <algorithm>

namespace guichet::call {

namespace {

constexpr double kBackTo = 0.8, kRaise = 1.08, kRaiseNearCeilingBps = 5e3, kNearCeiling = 0.85;
constexpr double kOveruseLossPct = 10, kCalmLossPct = 2, kOveruseQueueMs = 60, kCalmQueueMs = 20,
                 kFlatMs = 4;
constexpr double kStayedPart = 0.5; ///< of the loss that a lower rate did not cure
constexpr double kUsualPackets = 20, kTrialPackets = 60, kMostOwnPct = 80;
constexpr int kPauseReports = 2, kForgetCeiling = 120;
constexpr double kFullBps = 250e3, kSmallBps = 120e3, kUpAgain = 1.2;

double smooth(double old, double now, double share)
{
    return old + share * (now - old);
}

int fecFor(double lossPct, int now)
{
    if (lossPct > 12) {
        return 60;
    }
    if (lossPct > 6) {
        return 40;
    }
    return lossPct > (now > 0 ? 1.5 : 3.0) ? 25 : 0;
}

Picture pictureFor(double bps, Picture now)
{
    const double full = now == Picture::Full ? kFullBps : kFullBps * kUpAgain;
    const double small = now == Picture::Still ? kSmallBps * kUpAgain : kSmallBps;
    return bps >= full ? Picture::Full : bps >= small ? Picture::Small : Picture::Still;
}

} // namespace

RateController::RateController(double mostVideoBps)
    : m_mostVideoBps(mostVideoBps)
{
    spend();
}

void RateController::restart()
{
    *this = RateController(m_mostVideoBps);
}

RatePlan RateController::update(const LineReport& report)
{
    // A report of few packets says little of a loss that is a matter of chance.
    const double weight = report.packets / (report.packets + kUsualPackets);
    m_lossPct = smooth(m_lossPct, report.lossPct, 0.6 * weight);
    m_slowLossPct = smooth(m_slowLossPct, report.lossPct, 0.16 * weight);
    // What hardly sends fills no queue: all it loses is the line's own. What stays becomes that.
    const bool idle = report.sentBps < m_totalBps / 2;
    const bool sure = idle || m_lossPct < m_ownLossPct;
    m_ownLossPct = smooth(m_ownLossPct, m_lossPct, sure ? 0.03 : 0.01);
    m_queueMs = std::max(0.0, 0.95 * m_queueMs + report.delayGrowthMs);
    if (m_ceilingBps > 0 && ++m_ceilingAge > kForgetCeiling) {
        m_ceilingBps = 0;
    }
    const bool delayed = m_queueMs > kOveruseQueueMs && report.delayGrowthMs > 0;
    const bool losing = !idle && m_lossPct - m_ownLossPct > kOveruseLossPct + 0.2 * m_ownLossPct;
    if (m_pause > 0) {
        --m_pause;
    } else if (m_trial) {
        judgeTrial(report);
    } else if (delayed || losing) {
        m_trial = !delayed;
        back(report);
    } else {
        raise(report);
    }
    spend();
    return m_plan;
}

void RateController::back(const LineReport& report)
{
    m_beforeBps = m_totalBps;
    m_beforeLossPct = std::min(m_lossPct, m_slowLossPct); // a trial begins when chance adds to it
    m_trialPackets = m_trialLost = 0;
    const double carried = report.receivedBps / (1 - std::min(m_ownLossPct, kMostOwnPct) / 100);
    if (!m_trial) {
        m_ceilingBps = carried;
        m_ceilingAge = 0;
    }
    m_totalBps = std::clamp(kBackTo * carried, kLeastBps, m_totalBps);
    m_queueMs /= 2; // what is there drains now; more of it shows anew
    m_pause = kPauseReports;
}

void RateController::judgeTrial(const LineReport& report)
{
    m_trialPackets += report.packets;
    m_trialLost += report.packets * report.lossPct / 100;
    if (m_trialPackets < kTrialPackets) {
        return;
    }
    m_trial = false;
    const double lossPct = 100 * m_trialLost / m_trialPackets;
    if (lossPct - m_ownLossPct > kStayedPart * (m_beforeLossPct - m_ownLossPct)) {
        m_ownLossPct = std::max(m_ownLossPct, lossPct);
        m_lossPct = lossPct;
        m_totalBps = m_beforeBps;
    } else {
        m_ceilingBps = m_totalBps / kBackTo;
        m_ceilingAge = 0;
    }
}

void RateController::raise(const LineReport& report)
{
    const bool calm = m_lossPct - m_ownLossPct < kCalmLossPct + 0.2 * m_ownLossPct &&
                      m_queueMs < kCalmQueueMs && report.delayGrowthMs < kFlatMs;
    // More than the encoder can use proves nothing about the line; a whole picture must be tried.
    const bool used = m_plan.picture != Picture::Full || m_totalBps < 2 * report.sentBps + 100e3;
    if (!calm || !used) {
        return;
    }
    const bool near = m_ceilingBps > 0 && m_totalBps > kNearCeiling * m_ceilingBps;
    m_totalBps = near ? m_totalBps + kRaiseNearCeilingBps : m_totalBps * kRaise;
}

/// Sound first; then what is sent twice; the rest is the picture's.
void RateController::spend()
{
    m_plan.fecPct = fecFor(m_slowLossPct, m_plan.fecPct);
    const double share = 1 + (m_plan.fecPct + std::min(m_slowLossPct, 50.0)) / 100;
    m_totalBps = std::clamp(m_totalBps, kLeastBps, kSoundBps + m_mostVideoBps * share);
    const double video = (m_totalBps - kSoundBps) / share;
    m_plan.videoBps = static_cast<int>(video);
    if (!m_trial) { // a question to the line is none of the viewer's business
        m_plan.picture = pictureFor(video, m_plan.picture);
    }
}

} // namespace guichet::call
