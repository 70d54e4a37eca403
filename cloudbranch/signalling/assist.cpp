// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/assist.h"

#include <algorithm>
#include <array>
#include <utility>

namespace guichet::signalling {
namespace {

constexpr std::array<std::pair<AssistState, std::string_view>, 8> kStates{{
    {AssistState::Waiting, "waiting"},
    {AssistState::Ringing, "ringing"},
    {AssistState::Joining, "joining"},
    {AssistState::Talking, "talking"},
    {AssistState::Interrupted, "interrupted"},
    {AssistState::WrapUp, "wrap_up"},
    {AssistState::CallBack, "call_back"},
    {AssistState::Closed, "closed"},
}};
constexpr std::array<std::pair<Mode, std::string_view>, 3> kModes{{
    {Mode::Video, "video"},
    {Mode::Voice, "voice"},
    {Mode::Text, "text"},
}};

template <typename Table, typename Value>
std::string_view nameIn(const Table& table, const Value& value)
{
    return std::ranges::find(table, value, &Table::value_type::first)->second;
}

template <typename Table> auto valueIn(const Table& table, std::string_view text)
{
    const auto found = std::ranges::find(table, text, &Table::value_type::second);
    return found == table.end() ? std::nullopt : std::optional(found->first);
}

} // namespace

std::string_view name(AssistState state)
{
    return nameIn(kStates, state);
}
std::string_view name(Mode mode)
{
    return nameIn(kModes, mode);
}
std::optional<AssistState> assistStateFromName(std::string_view text)
{
    return valueIn(kStates, text);
}
std::optional<Mode> modeFromName(std::string_view text)
{
    return valueIn(kModes, text);
}

} // namespace guichet::signalling
