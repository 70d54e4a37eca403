// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/split_frames.h"

#include <algorithm>
#include <array>

namespace guichet::transport {
namespace {

constexpr std::array kPreamble{std::byte{0xAA}, std::byte{0xAA}, std::byte{0xAA}, std::byte{0x96},
                               std::byte{0x69}};
constexpr std::size_t kHead = kPreamble.size() + 2;
constexpr std::size_t kLeadingAas = 3;

} // namespace

std::size_t SplitFrames::run(ByteView bytes) const
{
    if (m_rest > 0) {
        return std::min(m_rest, bytes.size());
    }
    auto ahead = *this;
    std::size_t count = 0;
    while (count < bytes.size() && ahead.m_rest == 0) {
        ahead.step(bytes[count++]);
    }
    return count;
}

void SplitFrames::passed(ByteView bytes)
{
    for (const auto byte : bytes) {
        step(byte);
    }
}

void SplitFrames::step(std::byte byte)
{
    if (m_rest > 0) {
        --m_rest;
    } else if (m_matched < kPreamble.size()) {
        if (byte == kPreamble[m_matched]) {
            ++m_matched;
        } else if (byte != kPreamble[0]) {
            m_matched = 0;
        } else if (m_matched != kLeadingAas) { // a fourth AA in front keeps the last three
            m_matched = 1;
        }
    } else {
        m_length = m_length << 8U | std::to_integer<std::size_t>(byte);
        if (++m_matched == kHead) {
            m_rest = m_length;
            m_matched = m_length = 0;
        }
    }
}

} // namespace guichet::transport
