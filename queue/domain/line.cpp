// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/line.h"

#include <algorithm>
#include <functional>

#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>

namespace guichet::queue::domain {

Place placeFor(const BranchSettings& settings, CustomerClass customerClass, Instant ready,
               std::uint64_t sequence)
{
    const auto credit = settings.credits.find(customerClass);
    const auto advance =
        credit == settings.credits.end() ? std::chrono::seconds(0) : credit->second;
    return {ready - advance, ready, sequence, 0};
}

struct Lines::Line {
    __gnu_pbds::tree<Place, std::string, std::less<>, __gnu_pbds::rb_tree_tag,
                     __gnu_pbds::tree_order_statistics_node_update>
        tree;
};

Lines::Lines() = default;
Lines::~Lines() = default;
Lines::Lines(Lines&&) noexcept = default;
Lines& Lines::operator=(Lines&&) noexcept = default;

const Lines::Line* Lines::find(const std::string& line) const
{
    const auto found = m_lines.find(line);
    return found == m_lines.end() ? nullptr : found->second.get();
}

void Lines::insert(const std::string& line, const Place& place, const std::string& visit)
{
    auto& entry = m_lines[line];
    if (!entry) {
        entry = std::make_unique<Line>();
    }
    entry->tree.insert({place, visit});
}

void Lines::erase(const std::string& line, const Place& place)
{
    if (const auto found = m_lines.find(line); found != m_lines.end()) {
        found->second->tree.erase(place);
    }
}

std::vector<std::string> Lines::names() const
{
    std::vector<std::string> names;
    names.reserve(m_lines.size());
    for (const auto& [name, line] : m_lines) {
        names.push_back(name);
    }
    return names;
}

std::size_t Lines::size(const std::string& line) const
{
    const auto* entry = find(line);
    return entry == nullptr ? 0 : entry->tree.size();
}

std::size_t Lines::before(const std::string& line, const Place& place) const
{
    const auto* entry = find(line);
    return entry == nullptr ? 0 : entry->tree.order_of_key(place);
}

std::string Lines::first(const std::vector<std::string>& lines) const
{
    const Place* best = nullptr;
    const std::string* visit = nullptr;
    for (const auto& line : lines) {
        const auto* entry = find(line);
        if (entry == nullptr || entry->tree.empty()) {
            continue;
        }
        const auto head = entry->tree.begin();
        if (best == nullptr || head->first < *best) {
            best = &head->first;
            visit = &head->second;
        }
    }
    return visit == nullptr ? std::string() : *visit;
}

std::optional<Place> Lines::nth(const std::vector<std::string>& lines, std::size_t count) const
{
    std::vector<Place> merged;
    for (const auto& line : lines) {
        if (const auto* entry = find(line)) {
            std::size_t left = count;
            for (auto at = entry->tree.begin(); at != entry->tree.end() && left > 0; ++at, --left) {
                merged.push_back(at->first);
            }
        }
    }
    if (merged.empty() || count == 0) {
        return std::nullopt;
    }
    const auto index = std::min(count, merged.size()) - 1;
    std::nth_element(merged.begin(), merged.begin() + static_cast<std::ptrdiff_t>(index),
                     merged.end());
    return merged[index];
}

} // namespace guichet::queue::domain
