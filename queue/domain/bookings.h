// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "queue/domain/appointment.h"
#include "queue/domain/command.h"
#include "queue/domain/settings.h"

namespace guichet::queue::domain {

/// How long an appointment that has ended is remembered, with the customer's name and phone.
inline constexpr std::chrono::hours kBookingMemory{48};

/// A time that can be booked.
struct Slot {
    Instant start{};
    Instant end{};
    std::size_t free = 0;
};

/// What happened to one appointment or form, for the log.
struct BookingEvent {
    std::string_view type; ///< "appointment.booked"
    std::string subject;
    std::string service = {};
};

/// What a step changed.
struct BookingChange {
    std::vector<std::string> appointments = {};
    std::vector<std::string> forms = {};
    std::vector<SeatKey> seats = {};
    std::vector<BookingEvent> events = {};
};

/// A branch's appointments and the seats that they take: a seat has one holder or none, and a step
/// is done completely or refused and changes nothing. Holds and rests run by branch time, the times
/// that were promised by the wall clock. Pure memory; not thread-safe.
class Bookings {
public:
    using Done = tl::expected<BookingChange, Refusal>;

    Bookings() = default;
    Bookings(std::vector<Appointment> appointments, std::vector<OpenForm> forms,
             std::map<SeatKey, Seat> seats);

    Done hold(const BranchSettings& settings, const HoldSeat& command, Moment moment);
    Done release(const ReleaseHold& command);
    /// Fails with HoldLapsed from the instant on at which the hold ends.
    Done confirm(const BranchSettings& settings, const ConfirmHold& command, Moment moment);
    Done move(const BranchSettings& settings, const MoveAppointment& command, Moment moment);
    Done cancel(const BranchSettings& settings, const CancelAppointment& command, Moment moment);
    Done prepare(const PrepareForm& command, Moment moment);
    /// Never refused; an empty change if nothing has run out.
    BookingChange lapse(const BranchSettings& settings, Moment moment);
    /// The customer is here: the visit of the same id stands in line.
    BookingChange arrive(const std::string& id);
    /// The visit of the same id has ended; nothing if there is no such appointment.
    BookingChange end(const std::string& id, VisitState visit);
    /// Drops what began before `oldest` from memory.
    void forget(Instant oldest);

    /// Why the customer of this appointment may not check in now.
    [[nodiscard]] std::optional<Refusal> refusesCheckIn(const BranchSettings& settings,
                                                        const Appointment& appointment,
                                                        Moment moment) const;
    /// The slots of a local date that are still to come, in order.
    [[nodiscard]] std::vector<Slot> slots(const BranchSettings& settings,
                                          const ServiceSettings& service,
                                          std::chrono::year_month_day date, Moment moment) const;
    [[nodiscard]] const Appointment* appointment(const std::string& id) const;
    [[nodiscard]] const OpenForm* form(const std::string& id) const;
    /// The seat as it is now; nothing if it is free.
    [[nodiscard]] const Seat* seat(const SeatKey& key) const;
    /// The appointment or form of a check-in number; empty if there is none.
    [[nodiscard]] std::string idOf(const std::string& code) const;
    [[nodiscard]] const std::unordered_map<std::string, Appointment>& appointments() const
    {
        return m_appointments;
    }
    [[nodiscard]] const std::map<SeatKey, Seat>& seats() const { return m_seats; }

private:
    using Due = std::set<std::pair<Instant, std::string>>;

    Appointment* find(const std::string& id);
    [[nodiscard]] bool free(const SeatKey& key, Instant time) const;
    [[nodiscard]] std::size_t bookedBy(const std::string& phone, Instant wall) const;
    [[nodiscard]] std::string freshCode(std::uint64_t chance) const;
    void schedule(const Appointment& appointment);
    void takeSeat(const Appointment& appointment, BookingChange& change);
    void become(Appointment& appointment, AppointmentState state, std::string_view event,
                BookingChange& change);
    void giveSeatBack(const Appointment& appointment, std::optional<Instant> restsUntil,
                      BookingChange& change);

    std::unordered_map<std::string, Appointment> m_appointments;
    std::unordered_map<std::string, OpenForm> m_forms;
    std::unordered_map<std::string, std::string> m_codes; ///< to the id
    std::map<SeatKey, Seat> m_seats;
    Due m_holds; ///< by branch time
    Due m_times; ///< of booked ones, by begin
    Due m_formEnds;
};

} // namespace guichet::queue::domain
