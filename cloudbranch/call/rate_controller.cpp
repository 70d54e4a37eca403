// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/rate_controller.h"

#include <algorithm>

namespace guichet::call {

namespace {

constexpr double kBackTo = 0.8, kRaise = 1.08, kRaiseNearCeilingBps = 5e3, kNearCeiling = 0.85;
constexpr double kOveruseLossPct = 10, kCalmLossPct = 2, kOveruseQueueMs = 60, kCalmQueueMs = 20,
                 kFlatMs = 4;
constexpr double kStayedPart = 0.6; ///< of the loss that a lower rate did not cure
constexpr int kPauseReports = 4, kForgetCeiling = 120;
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
    m_lossPct = smooth(m_lossPct, report.lossPct, 0.3);
    m_slowLossPct = smooth(m_slowLossPct, report.lossPct, 0.08);
    if (m_lossPct < m_ownLossPct) { // slowly, for it varies
        m_ownLossPct = smooth(m_ownLossPct, m_lossPct, 0.1);
    }
    m_queueMs = std::max(0.0, 0.95 * m_queueMs + report.delayGrowthMs);
    if (m_ceilingBps > 0 && ++m_ceilingAge > kForgetCeiling) {
        m_ceilingBps = 0;
    }
    if (m_pause > 0 && --m_pause == 0 && m_trial) {
        judgeTrial();
    }
    const bool delayed = m_queueMs > kOveruseQueueMs && report.delayGrowthMs > 0;
    const bool losing = m_lossPct - m_ownLossPct > kOveruseLossPct;
    if (m_pause == 0 && (delayed || losing)) {
        m_trial = !delayed;
        back(report);
    } else if (m_pause == 0) {
        raise(report);
    }
    spend();
    return m_plan;
}

void RateController::back(const LineReport& report)
{
    m_beforeBps = m_totalBps;
    m_beforeLossPct = m_lossPct;
    if (!m_trial) {
        m_ceilingBps = report.receivedBps;
        m_ceilingAge = 0;
    }
    m_totalBps = std::clamp(kBackTo * report.receivedBps, kLeastBps, m_totalBps);
    m_queueMs /= 2; // what is there drains now; more of it shows anew
    m_pause = kPauseReports;
}

void RateController::judgeTrial()
{
    m_trial = false;
    if (m_lossPct > kStayedPart * m_beforeLossPct) {
        m_ownLossPct = m_lossPct;
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
    // More than the encoder can use proves nothing about the line.
    const bool used = m_totalBps < 2 * report.sentBps + 100e3;
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
