// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/clock.h"

namespace guichet::queue::domain {

enum class VisitState {
    Remote, ///< has a number, is not on site
    Waiting,
    Called,
    Serving,
    Parked,
    Done,
    NoShow,
    Cancelled, ///< by the customer
    Removed,   ///< by staff
    Expired,   ///< by the system
};

[[nodiscard]] std::string_view name(VisitState state);
[[nodiscard]] std::optional<VisitState> visitStateFromName(std::string_view text);
[[nodiscard]] constexpr bool isTerminal(VisitState state)
{
    return state >= VisitState::Done;
}

enum class CustomerClass { WalkIn, Booked, Vip };

/// The visible name of a visit: series letter and number, unique in a branch's business day.
struct Ticket {
    std::string series = {};
    int number = 0;

    /// "A012": at least three digits.
    [[nodiscard]] std::string label() const;
    [[nodiscard]] bool operator==(const Ticket&) const = default;
};

/// Where a visit stands among all that wait; smaller is called earlier. Instants are branch time,
/// which never runs backwards.
struct Place {
    Instant key{};              ///< ready time less the credit of the class
    Instant ready{};            ///< since when the customer waits
    std::uint64_t sequence = 0; ///< of the log when the visit came in
    std::uint64_t turn = 0;     ///< of the log when put back behind somebody, else 0

    [[nodiscard]] auto operator<=>(const Place&) const = default;
};

/// One customer's stay.
struct Visit {
    std::string id = {};
    Ticket ticket = {};
    VisitState state = VisitState::Waiting;
    std::int64_t version = 1;
    std::uint64_t sequence = 0; ///< of the log entry that created it
    std::string service = {};
    std::string language = {};
    std::string channel = {};
    CustomerClass customerClass = CustomerClass::WalkIn;
    Place place = {};
    std::string line = {};    ///< the service, or "@" and a counter, in which it waits
    std::string session = {}; ///< empty unless called or serving
    std::string counter = {}; ///< the last one that called
    int calls = 0;
    int requeues = 0;
    std::string reason = {};
    std::string outcome = {};
    std::string code = {};                ///< typed at the kiosk; of a remote one
    std::optional<Instant> arriveBy = {}; ///< branch time; while it is remote
    int delays = 0;                       ///< how often the customer said "I am late"
    int returns = 0;                      ///< how often it came back after a no-show
    std::optional<Instant> calledAt = {};
    std::optional<Instant> arrivedAt = {};
    std::optional<Instant> startedAt = {};
    std::optional<Instant> endedAt = {};
};

/// A member of staff at a counter for a while.
struct Session {
    std::string id = {};
    std::string counter = {};
    std::string profile = {};
    std::string user = {};
    bool open = true;
    std::string visit = {}; ///< the one called or served now
};

} // namespace guichet::queue::domain
