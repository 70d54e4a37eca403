// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/clock.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "peripherals/base/bytes.h"

namespace guichet {
namespace {

using std::chrono::seconds;

/// One zone's transitions from a TZif file (RFC 8536), version 2 data block.
struct Zone {
    std::vector<std::int64_t> at;
    std::vector<std::int32_t> offset; ///< offset[i] holds from at[i] on
    std::int32_t first = 0;           ///< before the first transition
};

std::int64_t signed64(ByteView b)
{
    std::uint64_t value = 0;
    for (const auto byte : b) {
        value = value << 8U | std::to_integer<std::uint64_t>(byte);
    }
    return static_cast<std::int64_t>(value);
}

struct Counts {
    std::uint32_t isUt, isStd, leap, time, type, chars;
};

Result<Counts> readHeader(ByteReader& in)
{
    const auto head = in.take(20);
    if (!head || asText(*head).substr(0, 4) != "TZif") {
        return fail(Errc::Protocol, "not a TZif file");
    }
    std::array<std::uint32_t, 6> n{};
    for (auto& value : n) {
        const auto read = in.u32();
        if (!read) {
            return tl::unexpected(read.error());
        }
        value = *read;
    }
    return Counts{n[0], n[1], n[2], n[3], n[4], n[5]};
}

/// Recurring rules of the footer are not evaluated: Debian's files are "fat" and list
/// transitions until 2037.
Result<Zone> parseTzif(ByteView bytes)
{
    ByteReader in(bytes);
    auto counts = readHeader(in);
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    const auto v1Size = counts->time * 5ULL + counts->type * 6ULL + counts->chars +
                        counts->leap * 8ULL + counts->isStd + counts->isUt;
    if (!in.take(v1Size)) {
        return fail(Errc::Protocol, "TZif cut short");
    }
    counts = readHeader(in);
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    const auto times = in.take(counts->time * 8ULL);
    const auto indexes = in.take(counts->time);
    const auto types = in.take(counts->type * 6ULL);
    if (!times || !indexes || !types || counts->type == 0) {
        return fail(Errc::Protocol, "TZif cut short");
    }
    const auto offsetOf = [&](std::size_t type) {
        const auto b = types->subspan(type * 6, 4);
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(signed64(b)));
    };
    Zone zone;
    zone.first = offsetOf(0);
    for (std::size_t i = 0; i < counts->time; ++i) {
        const auto type = std::to_integer<std::size_t>((*indexes)[i]);
        if (type >= counts->type) {
            return fail(Errc::Protocol, "TZif names a type it does not have");
        }
        zone.at.push_back(signed64(times->subspan(i * 8, 8)));
        zone.offset.push_back(offsetOf(type));
    }
    return zone;
}

Result<Zone> loadZone(const std::string& name)
{
    const bool safe = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos;
    std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
    if (!safe || !file) {
        return fail(Errc::NotFound, "no time zone \"" + name + "\" on this system");
    }
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    auto zone = parseTzif(asBytes(content));
    if (!zone) {
        return fail(std::move(zone.error()), "time zone " + name);
    }
    return zone;
}

} // namespace

Instant SystemClock::now() const
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
}
Ticks SystemClock::ticks() const
{
    return std::chrono::steady_clock::now();
}

OffsetClock::OffsetClock(Instant start)
    : m_start(start)
    , m_startTicks(std::chrono::steady_clock::now())
{
}
Instant OffsetClock::now() const
{
    return m_start + std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now() - m_startTicks);
}
Ticks OffsetClock::ticks() const
{
    return std::chrono::steady_clock::now();
}

Instant ManualClock::now() const
{
    const std::lock_guard lock(m_mutex);
    return m_now;
}
Ticks ManualClock::ticks() const
{
    const std::lock_guard lock(m_mutex);
    return m_ticks;
}
void ManualClock::advance(std::chrono::milliseconds step)
{
    const std::lock_guard lock(m_mutex);
    m_now += step;
    m_ticks += step;
}
void ManualClock::jumpWall(std::chrono::milliseconds step)
{
    const std::lock_guard lock(m_mutex);
    m_now += step;
}

std::string toRfc3339(Instant instant)
{
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(instant - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

std::string toRfc3339(Instant instant, const std::string& zone)
{
    const auto offset = zoneOffset(zone, instant);
    if (!offset) {
        return toRfc3339(instant);
    }
    auto text = toRfc3339(instant + *offset);
    text.resize(19);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*offset).count();
    return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                              std::abs(minutes) % 60);
}

Result<Instant> fromRfc3339(const std::string& text)
{
    const auto bad = [&] {
        return fail(Errc::Invalid, "time \"" + text.substr(0, 40) +
                                       "\": want RFC 3339, e.g. 2026-11-24T10:15:00+08:00");
    };
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[Tt]%2d:%2d:%2d%n", &year, &month, &day, &hour,
                    &minute, &second, &used) != 6 ||
        used != 19) {
        return bad();
    }
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
        return bad();
    }
    auto rest = text.substr(19);
    int milliseconds = 0;
    if (rest.starts_with('.')) {
        const auto end = rest.find_first_not_of("0123456789", 1);
        if (end == 1 || end == std::string::npos) {
            return bad();
        }
        milliseconds =
            std::stoi((rest.substr(1, std::min<std::size_t>(end - 1, 3)) + "00").substr(0, 3));
        rest = rest.substr(end);
    }
    int offsetMinutes = 0;
    if (rest != "Z" && rest != "z") {
        char sign = 0;
        int h = 0, m = 0, n = 0;
        if (std::sscanf(rest.c_str(), "%c%2d:%2d%n", &sign, &h, &m, &n) != 3 || n != 6 ||
            rest.size() != 6 || (sign != '+' && sign != '-') || h > 23 || m > 59) {
            return bad();
        }
        offsetMinutes = (h * 60 + m) * (sign == '-' ? -1 : 1);
    }
    return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + seconds(second) +
           std::chrono::milliseconds(milliseconds) - std::chrono::minutes(offsetMinutes);
}

std::chrono::year_month_day localDay(Instant instant)
{
    const auto second =
        static_cast<std::time_t>(std::chrono::floor<seconds>(instant).time_since_epoch().count());
    std::tm local{};
    ::localtime_r(&second, &local);
    return {std::chrono::year(local.tm_year + 1900),
            std::chrono::month(static_cast<unsigned>(local.tm_mon) + 1),
            std::chrono::day(static_cast<unsigned>(local.tm_mday))};
}

Result<seconds> zoneOffset(const std::string& zone, Instant instant)
{
    static std::mutex mutex;
    static std::map<std::string, Zone> cache;
    const std::lock_guard lock(mutex);
    auto found = cache.find(zone);
    if (found == cache.end()) {
        auto loaded = loadZone(zone);
        if (!loaded) {
            return tl::unexpected(loaded.error());
        }
        found = cache.emplace(zone, std::move(*loaded)).first;
    }
    const auto& [at, offset, first] = found->second;
    const auto second = std::chrono::floor<seconds>(instant).time_since_epoch().count();
    const auto next = std::upper_bound(at.begin(), at.end(), second);
    return seconds(next == at.begin() ? first
                                      : offset[static_cast<std::size_t>(next - at.begin() - 1)]);
}

} // namespace guichet
