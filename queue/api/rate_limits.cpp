// SPDX-License-Identifier: Apache-2.0
#include "queue/api/rate_limits.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "peripherals/base/bytes.h"

namespace guichet::queue::api {
namespace {

constexpr std::size_t kMostCallers = 10'000;

} // namespace

RateLimits::RateLimits(const Clock& clock, RateLimit limit)
    : m_clock(clock)
    , m_limit(limit)
{
}

RateLimits::Bucket& RateLimits::filled(const std::string& caller)
{
    using Seconds = std::chrono::duration<double>;
    const auto now = m_clock.ticks();
    const auto level = [&](const Bucket& bucket) {
        const auto gained = Seconds(now - bucket.at) / Seconds(m_limit.each);
        return std::min(m_limit.burst, bucket.tokens + gained);
    };
    if (m_buckets.size() >= kMostCallers && !m_buckets.contains(caller)) {
        std::erase_if(m_buckets,
                      [&](const auto& entry) { return level(entry.second) >= m_limit.burst; });
        if (m_buckets.size() >= kMostCallers) {
            m_buckets.erase(std::ranges::min_element(
                m_buckets, {}, [](const auto& entry) { return entry.second.at; }));
        }
    }
    auto& bucket = m_buckets.try_emplace(caller, Bucket{m_limit.burst, now}).first->second;
    bucket = {level(bucket), now};
    return bucket;
}

bool RateLimits::take(const std::string& caller)
{
    const std::lock_guard lock(m_mutex);
    auto& bucket = filled(caller);
    if (bucket.tokens < 1) {
        return false;
    }
    bucket.tokens -= 1;
    return true;
}

bool RateLimits::left(const std::string& caller)
{
    const std::lock_guard lock(m_mutex);
    return filled(caller).tokens >= 1;
}

std::chrono::seconds RateLimits::wait() const
{
    return std::max(std::chrono::ceil<std::chrono::seconds>(m_limit.each), std::chrono::seconds(1));
}

std::string callerOf(const std::string& peer)
{
    constexpr std::size_t kNetwork = 8;
    std::array<std::byte, 16> address{};
    if (inet_pton(AF_INET6, peer.c_str(), address.data()) == 1) {
        return toHex(ByteView(address).first(kNetwork));
    }
    return peer;
}

} // namespace guichet::queue::api
