// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/clock.h"

namespace guichet::queue::domain {

/// A promised time, from the first hold to its end.
enum class AppointmentState {
    Held,      ///< a seat is kept for a few minutes, nobody's name is on it
    Booked,    ///< confirmed
    Arrived,   ///< checked in: the visit with the same id stands in line
    Fulfilled, ///< its visit is done
    Released,  ///< the hold lapsed, was given back, or went into a move
    Cancelled, ///< by the customer or by staff
    NoShow,    ///< the late window passed
};

[[nodiscard]] std::string_view name(AppointmentState state);
[[nodiscard]] std::optional<AppointmentState> appointmentStateFromName(std::string_view text);
/// Whether a seat is taken by it.
[[nodiscard]] constexpr bool keepsSeat(AppointmentState state)
{
    return state == AppointmentState::Held || state == AppointmentState::Booked ||
           state == AppointmentState::Arrived || state == AppointmentState::Fulfilled;
}

/// One of the seats of a slot.
struct SeatKey {
    std::string service = {};
    Instant start{};
    int seat = 0;
    [[nodiscard]] auto operator<=>(const SeatKey&) const = default;
};

/// Who has a seat. A seat that nobody has and that does not rest is not kept at all.
struct Seat {
    std::string holder = {}; ///< the appointment's id; empty: it rests
    Instant restsUntil{};    ///< branch time
};

/// What was filled in online and goes on at the terminal: a journey and its fields as JSON text.
struct PreparedForm {
    std::string journey = {}; ///< empty: none
    std::string fields = {};
};

/// A promise of a time. Its visit, once there is one, has the same id.
struct Appointment {
    std::string id = {};
    AppointmentState state = AppointmentState::Held;
    std::int64_t version = 1;
    std::string service = {};
    Instant start{};
    Instant end{};
    int seat = 0;              ///< which of the slot's seats
    Instant holdUntil{};       ///< branch time; of a held one
    std::string code = {};     ///< typed at the kiosk; empty while held
    std::string customer = {}; ///< name
    std::string phone = {};    ///< digits, with + in front if it was given
    std::string language = {};
    PreparedForm form = {};
    int moves = 0; ///< how often it was moved: the calendar's SEQUENCE
};

/// A form without a promised time: opened by its code until it lapses.
struct OpenForm {
    std::string id = {};
    std::string code = {};
    PreparedForm form = {};
    Instant until{}; ///< branch time
};

/// The name as strangers may see it: the first letter of each word, the rest as stars.
[[nodiscard]] std::string maskedName(std::string_view name);

} // namespace guichet::queue::domain
