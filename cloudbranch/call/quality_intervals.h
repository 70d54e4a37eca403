// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cloudbranch/call/media_watch.h"

namespace guichet::call {

/// A span of the call that was not as it should be.
struct QualityInterval {
    std::string_view what; ///< "connecting", "weak", "lost" or "noPicture"
    Ticks from{};
    Ticks until{};

    [[nodiscard]] bool operator==(const QualityInterval&) const = default;
};

/// Puts together, for the record, when the seat was not reached, reached badly, or not seen. Pure:
/// the caller brings the time.
class QualityIntervals {
public:
    static constexpr double kLeastPictures = 1; ///< a second; fewer is no picture

    /// How it stands with the seat now.
    void take(Ticks now, MediaState state);
    /// Of the time since `since`: pictures a second. Counts only while the seat is reached.
    void take(Ticks since, Ticks now, double picturesPerSecond);
    /// The call is over: every span ends.
    void end(Ticks now);

    /// What has ended since this was asked last, in the order of its end.
    [[nodiscard]] std::vector<QualityInterval> ended();

private:
    void change(std::optional<QualityInterval>& open, std::string_view what, Ticks from, Ticks now);

    std::optional<QualityInterval> m_media;
    std::optional<QualityInterval> m_picture;
    bool m_reached = false;
    std::vector<QualityInterval> m_ended;
};

} // namespace guichet::call
