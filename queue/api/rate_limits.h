// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "peripherals/base/clock.h"

namespace guichet::queue::api {

/// How often one caller may do a thing: `burst` at once, then one more each `each`.
struct RateLimit {
    double burst = 30;
    std::chrono::milliseconds each{2'000};
};

/// Token buckets by caller. Forgets callers
/// whose bucket is full again, and the longest idle ones beyond 10,000. Thread-safe.
class RateLimits {
public:
    /// The clock must outlive it.
    RateLimits(const Clock& clock, RateLimit limit);

    /// Takes one; false if there is none, and then nothing is taken.
    [[nodiscard]] bool take(const std::string& caller);
    /// Whether there is one, without taking it.
    [[nodiscard]] bool left(const std::string& caller);
    /// Until the caller may try again.
    [[nodiscard]] std::chrono::seconds wait() const;

private:
    struct Bucket {
        double tokens = 0;
        Ticks at{};
    };
    Bucket& filled(const std::string& caller);

    const Clock& m_clock;
    const RateLimit m_limit;
    std::mutex m_mutex;
    std::map<std::string, Bucket> m_buckets;
};

/// What stands for one caller: an IPv4 address, or the first 64 bits of an IPv6 one, which a single
/// customer is given as a whole.
[[nodiscard]] std::string callerOf(const std::string& peer);

} // namespace guichet::queue::api
