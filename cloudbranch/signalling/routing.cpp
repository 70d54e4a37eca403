// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/routing.h"

#include <algorithm>
#include <tuple>

namespace guichet::signalling {
namespace {

bool canHelp(const RoutingRules& rules, const Assist& assist, const Seat& seat)
{
    return seat.state != SeatState::Away && askableFrom(rules, assist, seat).has_value();
}

} // namespace

bool isBefore(const Assist& left, const Assist& right)
{
    return std::tie(left.place, left.sequence) < std::tie(right.place, right.sequence);
}

std::optional<Instant> askableFrom(const RoutingRules& rules, const Assist& assist,
                                   const Seat& seat)
{
    if (!assist.seat.empty() && assist.seat != seat.id) {
        return std::nullopt; // it was sent to somebody else
    }
    if (!serves(seat.skills, assist.needs)) {
        return std::nullopt;
    }
    std::optional<Instant> from;
    for (const auto& tier : rules.tiers) {
        if (tier.pool == seat.pool) {
            const auto opens = assist.asked + tier.after;
            from = from ? std::min(*from, opens) : opens;
        }
    }
    const auto passed = assist.passedBy.find(seat.id);
    if (from && passed != assist.passedBy.end()) {
        from = std::max<Instant>(*from, passed->second + rules.rest);
    }
    return from;
}

const Seat* chooseSeat(const RoutingRules& rules, const Assist& assist,
                       std::span<const Seat* const> seats, Instant now)
{
    const Seat* best = nullptr;
    const auto rank = [&rules](const Seat& seat) {
        const int load = rules.distribution == Distribution::LeastLoaded ? seat.handled : 0;
        return std::tuple(load, seat.since, std::string_view(seat.id));
    };
    for (const auto* seat : seats) {
        if (seat->state != SeatState::Ready || seat->lostSince) {
            continue;
        }
        const auto from = askableFrom(rules, assist, *seat);
        if (from && *from <= now && (best == nullptr || rank(*seat) < rank(*best))) {
            best = seat;
        }
    }
    return best;
}

std::optional<std::chrono::seconds> expectedWait(const RoutingRules& rules, const Assist& assist,
                                                 std::span<const Assist* const> waiting,
                                                 std::span<const Seat* const> seats,
                                                 std::chrono::seconds call)
{
    std::vector<const Seat*> able;
    std::ranges::copy_if(seats, std::back_inserter(able),
                         [&](const Seat* seat) { return canHelp(rules, assist, *seat); });
    if (able.empty()) {
        return std::nullopt;
    }
    const auto ahead = std::ranges::count_if(waiting, [&](const Assist* other) {
        return other->id != assist.id && isBefore(*other, assist) &&
               std::ranges::any_of(able,
                                   [&](const Seat* seat) { return canHelp(rules, *other, *seat); });
    });
    const auto idle = std::ranges::count(able, SeatState::Ready, &Seat::state);
    if (ahead < idle) {
        return std::chrono::seconds(0);
    }
    return call * (ahead - idle + 1) / static_cast<long>(able.size());
}

} // namespace guichet::signalling
