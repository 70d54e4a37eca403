// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_policy.h"

#include <cmath>
#include <utility>

namespace guichet::face {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 3s;
constexpr double kMoved = 0.2, kGrown = 0.25; ///< of the face's width

bool samePlace(const Box& before, const Box& now)
{
    const double width = before.width;
    return std::abs(now.x + now.width / 2.0 - before.x - width / 2) < kMoved * width &&
           std::abs(now.y + now.height / 2.0 - before.y - before.height / 2.0) < kMoved * width &&
           std::abs(now.width - width) < kGrown * width;
}

bool better(const FaceVerdict& seen, const FaceVerdict& best)
{
    return seen.verdict != best.verdict ? seen.verdict > best.verdict
                                        : seen.measures.sharpness > best.measures.sharpness;
}

} // namespace

bool FacePolicy::goodEnough(const FaceVerdict& seen, Ticks now)
{
    if (seen.verdict != Verdict::EyesNotSeen) {
        if (seen.verdict != Verdict::Good) {
            m_hidden.reset();
        }
        return seen.verdict == Verdict::Good;
    }
    if (!m_hidden) {
        m_hidden = now;
    }
    return now - *m_hidden >= kPatience;
}

bool FacePolicy::see(const FaceVerdict& seen, Ticks now)
{
    const bool good = goodEnough(seen, now);
    if (!good || !m_last || !samePlace(*m_last, seen.face->box)) {
        m_run = 0;
    }
    m_run += good ? 1 : 0;
    m_last = good ? std::optional(seen.face->box) : std::nullopt;
    // What was better before somebody moved or another one came does not stand for this face.
    if (m_run != 1 && !better(seen, m_best)) {
        return false;
    }
    m_best = seen;
    return seen.face.has_value();
}

} // namespace guichet::face
