// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "peripherals/base/error.h"

namespace guichet {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>; ///< wall clock, UTC
using Ticks = std::chrono::steady_clock::time_point;              ///< for durations only

/// Wall clock and monotonic clock together, so that tests move both by hand. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    [[nodiscard]] virtual Ticks ticks() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] Ticks ticks() const override;
};

/// Starts at a given instant and goes on at the pace of the monotonic clock (`--clock RFC3339`).
class OffsetClock final : public Clock {
public:
    explicit OffsetClock(Instant start);
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] Ticks ticks() const override;

private:
    Instant m_start;
    Ticks m_startTicks;
};

/// Stands still until told to move.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant start)
        : m_now(start)
    {
    }
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] Ticks ticks() const override;
    /// Moves wall clock and monotonic clock on together.
    void advance(std::chrono::milliseconds step);
    /// Moves only the wall clock, as NTP or a dead battery does.
    void jumpWall(std::chrono::milliseconds step);

private:
    mutable std::mutex m_mutex;
    Instant m_now;
    Ticks m_ticks{std::chrono::hours(1)};
};

/// RFC 3339 in UTC with milliseconds: "2026-11-24T02:15:00.123Z".
[[nodiscard]] std::string toRfc3339(Instant instant);
/// RFC 3339 in the given IANA zone with its offset at that instant: "2026-11-24T10:15:00+08:00".
/// An unknown zone is written as UTC.
[[nodiscard]] std::string toRfc3339(Instant instant, const std::string& zone);
/// Accepts `Z` or a numeric offset and optional fractions. Fails with Errc::Invalid.
[[nodiscard]] Result<Instant> fromRfc3339(const std::string& text);
/// The day that calendars on this machine's wall show (TZ, else /etc/localtime).
[[nodiscard]] std::chrono::year_month_day localDay(Instant instant);
/// Offset from UTC of an IANA zone at an instant (tz database of the system).
/// Fails with Errc::NotFound for a zone that the system does not know.
[[nodiscard]] Result<std::chrono::seconds> zoneOffset(const std::string& zone, Instant instant);

} // namespace guichet
