// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/visit.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace guichet::queue::domain {
namespace {

constexpr std::array<std::pair<VisitState, std::string_view>, 10> kNames{{
    {VisitState::Remote, "remote"},
    {VisitState::Waiting, "waiting"},
    {VisitState::Called, "called"},
    {VisitState::Serving, "serving"},
    {VisitState::Parked, "parked"},
    {VisitState::Done, "done"},
    {VisitState::NoShow, "no_show"},
    {VisitState::Cancelled, "cancelled"},
    {VisitState::Removed, "removed"},
    {VisitState::Expired, "expired"},
}};

} // namespace

std::string_view name(VisitState state)
{
    return kNames.at(static_cast<std::size_t>(state)).second;
}

std::optional<VisitState> visitStateFromName(std::string_view text)
{
    for (const auto& [state, word] : kNames) {
        if (word == text) {
            return state;
        }
    }
    return std::nullopt;
}

std::string Ticket::label() const
{
    return fmt::format("{}{:03}", series, number);
}

} // namespace guichet::queue::domain
