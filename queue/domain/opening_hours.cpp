// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/opening_hours.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace guichet::queue::domain {
namespace {

using std::chrono::minutes;

constexpr minutes kDay{24 * 60};

std::optional<int> number(std::string_view digits)
{
    int value = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value);
    const bool plain = !digits.empty() && digits.front() != '-';
    return plain && parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value)
                                                                  : std::nullopt;
}

std::optional<minutes> timeOfDay(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':') {
        return std::nullopt;
    }
    const auto hour = number(text.substr(0, 2));
    const auto minute = number(text.substr(3));
    if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > kDay.count()) {
        return std::nullopt;
    }
    return minutes(*hour * 60 + *minute);
}

std::chrono::seconds offsetAt(const std::string& zone, Instant instant)
{
    return zoneOffset(zone, instant).value_or(std::chrono::seconds(0));
}

enum class Twice { First, Last };

/// The instant of a local wall time. One that is skipped gives the instant of the jump; one that
/// comes twice gives the one asked for.
Instant instantOf(const std::string& zone, std::chrono::local_time<minutes> local, Twice twice)
{
    const Instant asUtc(local.time_since_epoch());
    const auto before = asUtc - offsetAt(zone, asUtc - std::chrono::days(1));
    const auto after = asUtc - offsetAt(zone, asUtc + std::chrono::days(1));
    const auto fits = [&](Instant candidate) {
        return candidate + offsetAt(zone, candidate) == asUtc;
    };
    const bool first = fits(before);
    const bool last = fits(after);
    if (first && last) {
        return twice == Twice::First ? std::min(before, after) : std::max(before, after);
    }
    if (first || last) {
        return first ? before : after;
    }
    // Skipped: somewhere between the two candidates the offset jumps.
    auto low = std::min(before, after);
    auto high = std::max(before, after);
    const auto oldOffset = offsetAt(zone, low);
    while (high - low > minutes(1)) {
        const auto middle = std::chrono::floor<minutes>(low + (high - low) / 2);
        (offsetAt(zone, middle) == oldOffset ? low : high) = middle;
    }
    return high;
}

} // namespace

std::vector<OpeningHours::Span> OpeningHours::on(std::chrono::year_month_day date) const
{
    if (closed.contains(dateText(date))) {
        return {};
    }
    const std::chrono::weekday day{std::chrono::local_days(date)};
    return weekly.at(day.iso_encoding() - 1);
}

std::optional<OpeningHours::Span> spanFromText(std::string_view text)
{
    if (text.size() != 11 || text[5] != '-') {
        return std::nullopt;
    }
    const auto from = timeOfDay(text.substr(0, 5));
    const auto to = timeOfDay(text.substr(6));
    if (!from || !to || *from >= *to) {
        return std::nullopt;
    }
    return OpeningHours::Span{*from, *to};
}

std::optional<std::chrono::year_month_day> dateFromText(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = number(text.substr(0, 4));
    const auto month = number(text.substr(5, 2));
    const auto day = number(text.substr(8));
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

std::string dateText(std::chrono::year_month_day date)
{
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::chrono::year_month_day localDate(const std::string& zone, Instant instant)
{
    return {std::chrono::floor<std::chrono::days>(instant + offsetAt(zone, instant))};
}

std::vector<Instant> slotStarts(const OpeningHours& hours, const std::string& zone,
                                std::chrono::year_month_day date, std::chrono::minutes length)
{
    std::vector<Instant> starts;
    const std::chrono::local_time<minutes> midnight{std::chrono::local_days(date)};
    for (const auto& span : hours.on(date)) {
        const auto end = instantOf(zone, midnight + span.to, Twice::Last);
        for (auto start = instantOf(zone, midnight + span.from, Twice::First);
             start + length <= end; start += length) {
            starts.push_back(start);
        }
    }
    return starts;
}

} // namespace guichet::queue::domain
