// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cloudbranch/signalling/assist.h"
#include "cloudbranch/signalling/seat.h"

/// Who takes whom. Pure.
namespace guichet::signalling {

/// Of those who could take a customer.
enum class Distribution { LongestIdle, LeastLoaded };

/// A pool of staff that is asked once a customer has waited so long: an outlet's own staff first
/// and everybody later, or the other way round.
struct Tier {
    std::string pool;
    std::chrono::seconds after{0};
};

struct RoutingRules {
    std::vector<Tier> tiers = {{"remote"}};
    Distribution distribution = Distribution::LongestIdle;
    std::map<std::string, std::chrono::seconds> credit = {}; ///< by class of customers
    std::chrono::seconds ring{20};                           ///< then somebody else is asked
    std::chrono::seconds rest{60};      ///< how long a seat is not asked again for one it passed
    std::chrono::seconds wrapUp{120};   ///< then the seat is ready again
    std::chrono::seconds seatGrace{20}; ///< a seat's lost connection may come back
    std::chrono::seconds terminalGrace{60};
    std::chrono::seconds usualCall{240}; ///< until calls have been seen
};

/// Smaller is served earlier.
[[nodiscard]] bool isBefore(const Assist& left, const Assist& right);

/// When `seat` may first be asked for `assist`, readiness aside; nothing if never.
[[nodiscard]] std::optional<Instant> askableFrom(const RoutingRules& rules, const Assist& assist,
                                                 const Seat& seat);

/// The seat to ask now; nullptr if nobody who may be asked is ready.
[[nodiscard]] const Seat* chooseSeat(const RoutingRules& rules, const Assist& assist,
                                     std::span<const Seat* const> seats, Instant now);

/// How long until somebody answers, by those before it and those who can; nothing if nobody can.
/// `call`: how long one takes. Waits of nobody but `waiting`, who stand in order, count.
[[nodiscard]] std::optional<std::chrono::seconds>
expectedWait(const RoutingRules& rules, const Assist& assist,
             std::span<const Assist* const> waiting, std::span<const Seat* const> seats,
             std::chrono::seconds call);

} // namespace guichet::signalling
