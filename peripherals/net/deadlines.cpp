// SPDX-License-Identifier: Apache-2.0
#include "peripherals/net/deadlines.h"

#include <algorithm>

namespace guichet::net {

Deadlines::Place::Place(Deadlines& lists, Owner owner)
    : m_lists(lists)
    , m_entry(lists.m_unarmed.insert(lists.m_unarmed.end(), Entry{.owner = owner}))
{
}

Deadlines::Place::~Place()
{
    m_lists.listOf(m_entry->kind).erase(m_entry);
}

void Deadlines::Place::arm(Deadline kind)
{
    m_lists.move(m_entry, kind);
    m_entry->due = m_lists.m_now + m_lists.m_lengths.at(static_cast<std::size_t>(kind));
}

void Deadlines::Place::disarm()
{
    m_lists.move(m_entry, std::nullopt);
}

std::optional<Deadline> Deadlines::Place::armed() const
{
    return m_entry->kind;
}

std::chrono::milliseconds Deadlines::nextWait() const
{
    auto wait = std::chrono::milliseconds(60'000);
    for (const auto& list : m_lists) {
        if (!list.empty()) {
            wait = std::min(wait,
                            std::chrono::ceil<std::chrono::milliseconds>(list.front().due - m_now));
        }
    }
    return std::max(wait, std::chrono::milliseconds(0));
}

std::optional<Deadlines::Due> Deadlines::popDue()
{
    for (auto& list : m_lists) {
        if (!list.empty() && list.front().due <= m_now) {
            const Due due{list.front().owner, *list.front().kind};
            move(list.begin(), std::nullopt);
            return due;
        }
    }
    return std::nullopt;
}

void Deadlines::move(List::iterator entry, std::optional<Deadline> kind)
{
    auto& to = listOf(kind);
    to.splice(to.end(), listOf(entry->kind), entry);
    entry->kind = kind;
}

Deadlines::List& Deadlines::listOf(std::optional<Deadline> kind)
{
    return kind ? m_lists.at(static_cast<std::size_t>(*kind)) : m_unarmed;
}

} // namespace guichet::net
