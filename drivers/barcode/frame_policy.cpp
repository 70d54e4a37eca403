// SPDX-License-Identifier: Apache-2.0
#include "drivers/barcode/frame_policy.h"

#include <algorithm>
#include <utility>

namespace guichet::barcode {

namespace {

using namespace std::chrono_literals;

constexpr auto kIgnoreAgain = 2s;
constexpr std::ptrdiff_t kEnough = 2; ///< of the frames that are remembered

} // namespace

FramePolicy::FramePolicy(Verifiable verifiable)
    : m_verifiable(std::move(verifiable))
{
}

std::optional<Code> FramePolicy::see(std::optional<Code> code, Ticks now)
{
    const bool again = code && code == m_accepted && now - m_acceptedAt < kIgnoreAgain;
    if (again) {
        code.reset();
    }
    m_seen[m_next] = code;
    m_next = (m_next + 1) % m_seen.size();
    if (!code) {
        return std::nullopt;
    }
    const bool enough = std::count(m_seen.begin(), m_seen.end(), code) >= kEnough;
    if (!enough && !(m_verifiable && m_verifiable(code->bytes))) {
        return std::nullopt;
    }
    startOver();
    m_accepted = code;
    m_acceptedAt = now;
    return code;
}

void FramePolicy::startOver()
{
    m_seen.fill(std::nullopt);
}

} // namespace guichet::barcode
