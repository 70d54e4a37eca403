// SPDX-License-Identifier: Apache-2.0
#include "drivers/handscanner/hand_scanner.h"

#include <algorithm>
#include <utility>

namespace guichet::handscanner {

using namespace std::chrono_literals;

namespace {

constexpr auto kLongestGap = 1s; ///< within one scan
/// 64 of the kernel's keyboard records: it hands out whole ones only.
constexpr std::size_t kChunk = 64 * 24;
constexpr int kMostChunks = 64;

} // namespace

HandScanner::HandScanner(ChannelOpener open, std::unique_ptr<ScanDecoder> decoder,
                         const Clock& clock)
    : m_open(std::move(open))
    , m_decoder(std::move(decoder))
    , m_clock(clock)
{
}

Result<bool> HandScanner::receive(std::chrono::milliseconds timeout)
{
    auto& scans = m_decoder->scans();
    if (!m_channel) {
        auto opened = m_open();
        if (!opened) {
            return tl::unexpected(std::move(opened).error());
        }
        m_channel = std::move(*opened);
        const bool inside = scans.inside();
        m_decoder->replugged();
        if (inside) {
            return true;
        }
    }
    const auto bytes = m_channel->read(kChunk, timeout);
    if (bytes) {
        m_lastByte = m_clock.ticks();
        m_decoder->feed(*bytes);
        return true;
    }
    if (bytes.error().code != Errc::Timeout) {
        m_channel.reset();
        return tl::unexpected(bytes.error());
    }
    if (scans.inside() && m_clock.ticks() - m_lastByte > kLongestGap) {
        scans.giveUp();
        return true;
    }
    return false;
}

Result<std::optional<std::string>> HandScanner::next(std::chrono::milliseconds timeout)
{
    auto& scans = m_decoder->scans();
    const auto until = m_clock.ticks() + timeout;
    for (;;) {
        if (auto scan = scans.next()) {
            return std::move(*scan).map(
                [](std::string&& text) { return std::optional(std::move(text)); });
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - m_clock.ticks());
        const auto received = receive(std::max(left, 0ms));
        if (!received) {
            return tl::unexpected(received.error());
        }
        if (!*received) {
            return std::nullopt;
        }
    }
}

Result<void> HandScanner::clear()
{
    Result<bool> received = true;
    for (int chunks = 0; chunks < kMostChunks && received && *received; ++chunks) {
        received = receive(0ms);
    }
    m_decoder->scans().startOver();
    return received ? Result<void>() : tl::unexpected(received.error());
}

} // namespace guichet::handscanner
