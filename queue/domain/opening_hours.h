// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/clock.h"

namespace guichet::queue::domain {

/// When a branch is open, by the wall clock of its own zone.
struct OpeningHours {
    /// Minutes after midnight; `to` may be 24:00.
    struct Span {
        std::chrono::minutes from{};
        std::chrono::minutes to{};
        [[nodiscard]] bool operator==(const Span&) const = default;
    };

    std::array<std::vector<Span>, 7> weekly = {}; ///< Monday first
    std::set<std::string> closed = {};            ///< local dates, "2026-10-01"

    /// The spans of a local date; none on a closed day.
    [[nodiscard]] std::vector<Span> on(std::chrono::year_month_day date) const;
};

/// "09:00-12:30"; nothing for anything else, or if it does not end after it begins.
[[nodiscard]] std::optional<OpeningHours::Span> spanFromText(std::string_view text);
/// "2026-10-01"; nothing for anything else, or a date that does not exist.
[[nodiscard]] std::optional<std::chrono::year_month_day> dateFromText(std::string_view text);
[[nodiscard]] std::string dateText(std::chrono::year_month_day date);

/// The local date of an instant in a zone; in UTC if the zone is unknown.
[[nodiscard]] std::chrono::year_month_day localDate(const std::string& zone, Instant instant);

/// The begins of a date's slots, in order. Slots follow each other in real time, so the hour that
/// is skipped in spring has none and the one that comes twice in autumn has both. A slot that would
/// end after the span is left out.
[[nodiscard]] std::vector<Instant> slotStarts(const OpeningHours& hours, const std::string& zone,
                                              std::chrono::year_month_day date,
                                              std::chrono::minutes length);

} // namespace guichet::queue::domain
