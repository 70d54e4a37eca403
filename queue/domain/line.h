// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "queue/domain/settings.h"
#include "queue/domain/visit.h"

namespace guichet::queue::domain {

/// Credit order: ready time less the credit of the class. Nobody is passed by someone who became
/// ready later than the difference of the two credits.
[[nodiscard]] Place placeFor(const BranchSettings& settings, CustomerClass customerClass,
                             Instant ready, std::uint64_t sequence);

/// All that wait in a branch, one sorted line per service and per counter. Questions take
/// logarithmic time, nth() as long as its count. Not thread-safe.
class Lines {
public:
    Lines();
    ~Lines();
    Lines(Lines&&) noexcept;
    Lines& operator=(Lines&&) noexcept;

    void insert(const std::string& line, const Place& place, const std::string& visit);
    void erase(const std::string& line, const Place& place);
    /// Of the lines that somebody has ever joined.
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] std::size_t size(const std::string& line) const;
    /// How many in a line stand before a place.
    [[nodiscard]] std::size_t before(const std::string& line, const Place& place) const;
    /// The visit with the smallest place of all these lines; empty if they are empty.
    [[nodiscard]] std::string first(const std::vector<std::string>& lines) const;
    /// The place of the `count`-th (from 1) of these lines merged, or of the last one if there are
    /// fewer.
    [[nodiscard]] std::optional<Place> nth(const std::vector<std::string>& lines,
                                           std::size_t count) const;

private:
    struct Line;
    [[nodiscard]] const Line* find(const std::string& line) const;
    std::map<std::string, std::unique_ptr<Line>> m_lines;
};

} // namespace guichet::queue::domain
