// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/sound_gaps.h"

#include <algorithm>
#include <utility>

namespace guichet::call {

namespace {

constexpr std::uint64_t kFrame = 960; ///< samples of 20 ms: what a packet brings once more
constexpr unsigned kLastOfSilk = 11, kLastOfHybrid = 15; ///< configurations, RFC 6716 table 2

unsigned byteAt(ByteView packet, std::size_t at)
{
    return std::to_integer<unsigned>(packet[at]);
}

/// Where the first frame begins (RFC 6716, 3.2); 0: not known.
std::size_t firstFrame(ByteView packet)
{
    switch (byteAt(packet, 0) & 3U) {
    case 0:
    case 1:
        return 1;
    case 2:
        return packet.size() > 1 && byteAt(packet, 1) >= 252 ? 3 : 2;
    default:
        return 0;
    }
}

} // namespace

bool carriesPrevious(ByteView packet)
{
    if (packet.empty()) {
        return false;
    }
    const auto configuration = byteAt(packet, 0) >> 3U;
    const auto begin = firstFrame(packet);
    if (configuration > kLastOfHybrid || begin == 0 || begin >= packet.size()) {
        return false;
    }
    // A frame begins with one bit of voice activity for each 20 ms and the sign of LBRR, each
    // channel for itself.
    const auto length = configuration % 4;
    const unsigned parts = configuration > kLastOfSilk || length == 0 ? 1 : length;
    const auto first = byteAt(packet, begin);
    const bool stereo = (byteAt(packet, 0) & 4U) != 0;
    const bool middle = (first >> (7 - parts) & 1U) != 0;
    return middle || (stereo && (first >> (6 - 2 * parts) & 1U) != 0);
}

void SoundGaps::lost(std::uint64_t samples)
{
    m_concealed += m_last;
    m_last = samples;
}

void SoundGaps::arrived(ByteView packet)
{
    if (const auto gap = std::exchange(m_last, 0); gap > 0) {
        m_concealed += carriesPrevious(packet) ? gap - std::min(gap, kFrame) : gap;
    }
}

} // namespace guichet::call
