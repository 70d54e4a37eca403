// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/transport_feedback.h"

#include <algorithm>
#include <vector>

namespace guichet::call {

namespace {

constexpr unsigned kTransportFeedback = 205, kTransportWide = 15;
constexpr std::size_t kWord = 4, kFixed = 20, kChunk = 2; ///< bytes

enum Status : unsigned { kLost = 0, kSmallDelta = 1, kLargeDelta = 2 };

unsigned byteAt(ByteView bytes, std::size_t index)
{
    return std::to_integer<unsigned>(bytes[index]);
}

unsigned wordAt(ByteView bytes, std::size_t index)
{
    return (byteAt(bytes, index) << 8) | byteAt(bytes, index + 1);
}

void append(Bytes& bytes, unsigned word)
{
    bytes.push_back(std::byte((word >> 8) & 0xff));
    bytes.push_back(std::byte(word & 0xff));
}

/// The statuses of `count` packets and what they take; nothing: cut short, or a reserved status.
std::optional<std::vector<unsigned>> statusesOf(ByteView chunks, std::size_t count,
                                                std::size_t& used)
{
    constexpr unsigned kVector = 0x8000, kTwoBits = 0x4000, kRunLength = 0x1fff;
    std::vector<unsigned> statuses;
    for (used = 0; statuses.size() < count; used += kChunk) {
        if (used + kChunk > chunks.size()) {
            return std::nullopt;
        }
        const auto chunk = wordAt(chunks, used);
        if ((chunk & kVector) == 0) {
            const auto run = std::min<std::size_t>(chunk & kRunLength, count - statuses.size());
            statuses.insert(statuses.end(), run, (chunk >> 13) & 3);
            continue;
        }
        const unsigned bits = (chunk & kTwoBits) != 0 ? 2 : 1;
        for (int shift = 14 - static_cast<int>(bits); shift >= 0 && statuses.size() < count;
             shift -= static_cast<int>(bits)) {
            statuses.push_back((chunk >> shift) & ((1U << bits) - 1));
        }
    }
    return std::ranges::all_of(statuses, [](unsigned status) { return status <= kLargeDelta; })
               ? std::optional(std::move(statuses))
               : std::nullopt;
}

/// The feedback of one packet of RTCP; nothing if that is not whole.
std::optional<Bytes> allArrived(ByteView packet)
{
    constexpr std::size_t kCount = 14, kInAChunk = 7;
    constexpr unsigned kTwoBitVector = 0xc000;
    if (packet.size() < kFixed) {
        return std::nullopt;
    }
    std::size_t used = 0;
    const auto statuses = statusesOf(packet.subspan(kFixed), wordAt(packet, kCount), used);
    if (!statuses) {
        return std::nullopt;
    }
    auto given = packet.subspan(kFixed + used);
    Bytes deltas;
    Bytes result(packet.begin(), packet.begin() + kFixed);
    for (std::size_t first = 0; first < statuses->size(); first += kInAChunk) {
        unsigned chunk = kTwoBitVector;
        for (std::size_t i = 0; i < kInAChunk && first + i < statuses->size(); ++i) {
            const auto status = (*statuses)[first + i];
            const std::size_t length = status;
            if (length > given.size()) {
                return std::nullopt;
            }
            if (status == kLost) {
                deltas.push_back(std::byte{0});
            }
            deltas.insert(deltas.end(), given.begin(), given.begin() + std::ptrdiff_t(length));
            given = given.subspan(length);
            chunk |= (status == kLost ? kSmallDelta : status) << (2 * (kInAChunk - 1 - i));
        }
        append(result, chunk);
    }
    result.insert(result.end(), deltas.begin(), deltas.end());
    return result;
}

/// With its length, and padding to whole words.
void finish(Bytes& packet)
{
    constexpr auto kPadded = std::byte{0x20};
    const auto padding = (kWord - packet.size() % kWord) % kWord;
    packet[0] &= ~kPadded;
    if (padding != 0) {
        packet[0] |= kPadded;
        packet.insert(packet.end(), padding, std::byte{0});
        packet.back() = std::byte(padding);
    }
    const auto words = packet.size() / kWord - 1;
    packet[2] = std::byte(words >> 8);
    packet[3] = std::byte(words & 0xff);
}

} // namespace

std::optional<Bytes> withoutLosses(ByteView compound)
{
    constexpr unsigned kFormat = 0x1f;
    Bytes result;
    bool changed = false;
    while (compound.size() >= kWord) {
        const auto length = kWord * (1 + std::size_t{wordAt(compound, 2)});
        if (length > compound.size()) {
            return std::nullopt;
        }
        const auto packet = compound.first(length);
        compound = compound.subspan(length);
        auto mended = byteAt(packet, 1) == kTransportFeedback &&
                              (byteAt(packet, 0) & kFormat) == kTransportWide
                          ? allArrived(packet)
                          : std::nullopt;
        if (mended) {
            finish(*mended);
            changed = true;
        } else {
            mended.emplace(packet.begin(), packet.end());
        }
        result.insert(result.end(), mended->begin(), mended->end());
    }
    return changed && compound.empty() ? std::optional(std::move(result)) : std::nullopt;
}

bool LossPatience::hides(std::uint64_t bytes, std::chrono::milliseconds now)
{
    constexpr std::chrono::milliseconds kLook{500};
    constexpr double kEnoughKbps = 250; // and the sound
    const auto past = now - m_since;
    if (past >= kLook) {
        m_hides = 8.0 * static_cast<double>(bytes - m_before) / static_cast<double>(past.count()) <
                  kEnoughKbps;
        m_since = now;
        m_before = bytes;
    }
    return m_hides;
}

} // namespace guichet::call
