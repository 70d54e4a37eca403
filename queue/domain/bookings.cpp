// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/bookings.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "queue/domain/check_in_number.h"

namespace guichet::queue::domain {
namespace {

constexpr std::chrono::hours kFormLife{24};

tl::unexpected<Refusal> unknownAppointment()
{
    return refuse(RefusalCode::AppointmentUnknown, "there is no such appointment");
}

tl::unexpected<Refusal> unknownHold()
{
    return refuse(RefusalCode::HoldUnknown, "there is no such hold");
}

SeatKey seatOf(const Appointment& appointment)
{
    return {appointment.service, appointment.start, appointment.seat};
}

/// Until when a seat rests that was given back.
Instant restOf(const BookingRules& rules, std::uint64_t chance, Instant time)
{
    const auto span = std::max<std::int64_t>((rules.mostRest - rules.leastRest).count() + 1, 1);
    const auto part = static_cast<std::int64_t>(chance % static_cast<std::uint64_t>(span));
    return time + rules.leastRest + std::chrono::seconds(part);
}

bool bookable(const BranchSettings& settings, Instant start, Instant wall)
{
    const auto last = std::chrono::local_days(localDate(settings.timeZone, wall)) +
                      std::chrono::days(settings.booking.daysAhead);
    return start > wall && std::chrono::local_days(localDate(settings.timeZone, start)) <= last;
}

} // namespace

Bookings::Bookings(std::vector<Appointment> appointments, std::vector<OpenForm> forms,
                   std::map<SeatKey, Seat> seats)
    : m_seats(std::move(seats))
{
    for (auto& appointment : appointments) {
        if (!appointment.code.empty()) {
            m_codes[appointment.code] = appointment.id;
        }
        schedule(appointment);
        m_appointments.emplace(appointment.id, std::move(appointment));
    }
    for (auto& form : forms) {
        m_codes[form.code] = form.id;
        m_formEnds.emplace(form.until, form.id);
        m_forms.emplace(form.id, std::move(form));
    }
}

void Bookings::schedule(const Appointment& appointment)
{
    if (appointment.state == AppointmentState::Held) {
        m_holds.emplace(appointment.holdUntil, appointment.id);
    } else if (appointment.state == AppointmentState::Booked) {
        m_times.emplace(appointment.start, appointment.id);
    }
}

Appointment* Bookings::find(const std::string& id)
{
    const auto found = m_appointments.find(id);
    return found == m_appointments.end() ? nullptr : &found->second;
}

const Appointment* Bookings::appointment(const std::string& id) const
{
    const auto found = m_appointments.find(id);
    return found == m_appointments.end() ? nullptr : &found->second;
}

const OpenForm* Bookings::form(const std::string& id) const
{
    const auto found = m_forms.find(id);
    return found == m_forms.end() ? nullptr : &found->second;
}

const Seat* Bookings::seat(const SeatKey& key) const
{
    const auto found = m_seats.find(key);
    return found == m_seats.end() ? nullptr : &found->second;
}

std::string Bookings::idOf(const std::string& code) const
{
    const auto found = m_codes.find(code);
    return found == m_codes.end() ? std::string() : found->second;
}

std::string Bookings::freshCode(std::uint64_t chance) const
{
    auto code = checkInNumber(chance);
    while (m_codes.contains(code)) {
        code = checkInNumber(++chance);
    }
    return code;
}

/// A seat whose hold has run out is free before lapse() has seen it.
bool Bookings::free(const SeatKey& key, Instant time) const
{
    const auto* taken = seat(key);
    if (taken == nullptr) {
        return true;
    }
    if (taken->holder.empty()) {
        return taken->restsUntil <= time;
    }
    const auto* holder = appointment(taken->holder);
    return holder != nullptr && holder->state == AppointmentState::Held &&
           holder->holdUntil <= time;
}

void Bookings::takeSeat(const Appointment& appointment, BookingChange& change)
{
    auto key = seatOf(appointment);
    if (const auto* taken = seat(key); taken != nullptr && !taken->holder.empty()) {
        become(m_appointments.at(taken->holder), AppointmentState::Released, "appointment.released",
               change);
    }
    m_seats[key] = {appointment.id, {}};
    change.seats.push_back(std::move(key));
}

std::size_t Bookings::bookedBy(const std::string& phone, Instant wall) const
{
    return static_cast<std::size_t>(std::ranges::count_if(m_appointments, [&](const auto& entry) {
        const auto& appointment = entry.second;
        return appointment.state == AppointmentState::Booked && appointment.phone == phone &&
               appointment.end > wall;
    }));
}

void Bookings::become(Appointment& appointment, AppointmentState state, std::string_view event,
                      BookingChange& change)
{
    m_holds.erase({appointment.holdUntil, appointment.id});
    m_times.erase({appointment.start, appointment.id});
    appointment.state = state;
    schedule(appointment);
    change.appointments.push_back(appointment.id);
    change.events.push_back({event, appointment.id, appointment.service});
}

void Bookings::giveSeatBack(const Appointment& appointment, std::optional<Instant> restsUntil,
                            BookingChange& change)
{
    auto key = seatOf(appointment);
    if (restsUntil) {
        m_seats[key] = {{}, *restsUntil};
    } else {
        m_seats.erase(key);
    }
    change.seats.push_back(std::move(key));
}

Bookings::Done Bookings::hold(const BranchSettings& settings, const HoldSeat& command,
                              Moment moment)
{
    const auto* service = settings.service(command.service);
    if (service == nullptr) {
        return refuse(RefusalCode::ServiceUnknown, "this branch has no such service");
    }
    if (service->seats == 0) {
        return refuse(RefusalCode::NotOffered, "this service takes no appointments");
    }
    const auto date = localDate(settings.timeZone, command.start);
    const auto starts = slotStarts(settings.hours, settings.timeZone, date, service->slot);
    if (!std::ranges::binary_search(starts, command.start) ||
        !bookable(settings, command.start, moment.wall)) {
        return refuse(RefusalCode::SlotUnknown, "no time of this service begins then");
    }
    Appointment held;
    held.id = command.appointment;
    held.service = service->id;
    held.start = command.start;
    held.end = command.start + service->slot;
    held.holdUntil = moment.time + settings.booking.holdFor;
    while (held.seat < service->seats && !free(seatOf(held), moment.time)) {
        ++held.seat;
    }
    if (held.seat == service->seats) {
        return refuse(RefusalCode::SlotTaken, "every seat of this time is taken");
    }
    BookingChange change;
    takeSeat(held, change);
    auto& stored = m_appointments.emplace(held.id, std::move(held)).first->second;
    become(stored, AppointmentState::Held, "appointment.held", change);
    return change;
}

Bookings::Done Bookings::release(const ReleaseHold& command)
{
    auto* held = find(command.appointment);
    if (held == nullptr || held->state != AppointmentState::Held) {
        return unknownHold();
    }
    BookingChange change;
    become(*held, AppointmentState::Released, "appointment.released", change);
    giveSeatBack(*held, std::nullopt, change);
    return change;
}

Bookings::Done Bookings::confirm(const BranchSettings& settings, const ConfirmHold& command,
                                 Moment moment)
{
    auto* held = find(command.appointment);
    if (held == nullptr) {
        return unknownHold();
    }
    if (held->state == AppointmentState::Released ||
        (held->state == AppointmentState::Held && held->holdUntil <= moment.time)) {
        return refuse(RefusalCode::HoldLapsed, "the time was kept for a few minutes only");
    }
    if (held->state != AppointmentState::Held) {
        return unknownHold();
    }
    if (bookedBy(command.phone, moment.wall) >=
        static_cast<std::size_t>(settings.booking.mostPerPhone)) {
        return refuse(RefusalCode::TooManyBookings, "this phone has as many times as it may have");
    }
    held->customer = command.customer;
    held->phone = command.phone;
    held->language = command.language;
    held->form = command.form;
    held->code = freshCode(command.chance);
    m_codes[held->code] = held->id;
    ++held->version;
    BookingChange change;
    become(*held, AppointmentState::Booked, "appointment.booked", change);
    return change;
}

Bookings::Done Bookings::move(const BranchSettings& settings, const MoveAppointment& command,
                              Moment moment)
{
    auto* appointment = find(command.appointment);
    if (appointment == nullptr) {
        return unknownAppointment();
    }
    if (command.version && *command.version != appointment->version) {
        return refuse(RefusalCode::StaleVersion, "the appointment has changed since");
    }
    if (appointment->state != AppointmentState::Booked) {
        return refuse(RefusalCode::AppointmentOver, "only a booked appointment can be moved");
    }
    auto* held = find(command.hold);
    if (held == nullptr || held->state != AppointmentState::Held ||
        held->service != appointment->service) {
        return unknownHold(); // another service is another appointment
    }
    if (held->holdUntil <= moment.time) {
        return refuse(RefusalCode::HoldLapsed, "the time was kept for a few minutes only");
    }
    BookingChange change;
    giveSeatBack(*appointment, restOf(settings.booking, command.chance, moment.time), change);
    become(*held, AppointmentState::Released, "appointment.released", change);
    m_times.erase({appointment->start, appointment->id});
    appointment->start = held->start;
    appointment->end = held->end;
    appointment->seat = held->seat;
    ++appointment->version;
    ++appointment->moves;
    m_seats[seatOf(*appointment)] = {appointment->id, {}};
    change.seats.push_back(seatOf(*appointment));
    become(*appointment, AppointmentState::Booked, "appointment.moved", change);
    return change;
}

Bookings::Done Bookings::cancel(const BranchSettings& settings, const CancelAppointment& command,
                                Moment moment)
{
    auto* appointment = find(command.appointment);
    if (appointment == nullptr) {
        return unknownAppointment();
    }
    if (command.version && *command.version != appointment->version) {
        return refuse(RefusalCode::StaleVersion, "the appointment has changed since");
    }
    if (appointment->state != AppointmentState::Booked) {
        return refuse(RefusalCode::AppointmentOver, "only a booked appointment can be cancelled");
    }
    ++appointment->version;
    BookingChange change;
    become(*appointment, AppointmentState::Cancelled, "appointment.cancelled", change);
    giveSeatBack(*appointment, restOf(settings.booking, command.chance, moment.time), change);
    return change;
}

Bookings::Done Bookings::prepare(const PrepareForm& command, Moment moment)
{
    OpenForm form{command.id, freshCode(command.chance), command.form, moment.time + kFormLife};
    BookingChange change;
    change.forms.push_back(form.id);
    change.events.push_back({"form.prepared", form.id});
    m_codes[form.code] = form.id;
    m_formEnds.emplace(form.until, form.id);
    m_forms.emplace(form.id, std::move(form));
    return change;
}

BookingChange Bookings::lapse(const BranchSettings& settings, Moment moment)
{
    BookingChange change;
    while (!m_holds.empty() && m_holds.begin()->first <= moment.time) {
        auto& held = m_appointments.at(m_holds.begin()->second);
        become(held, AppointmentState::Released, "appointment.released", change);
        giveSeatBack(held, std::nullopt, change);
    }
    while (!m_times.empty() && m_times.begin()->first + settings.booking.late < moment.wall) {
        auto& missed = m_appointments.at(m_times.begin()->second);
        ++missed.version;
        become(missed, AppointmentState::NoShow, "appointment.no_show", change);
    }
    while (!m_formEnds.empty() && m_formEnds.begin()->first <= moment.time) {
        const auto id = m_formEnds.begin()->second;
        m_formEnds.erase(m_formEnds.begin());
        m_codes.erase(m_forms.at(id).code);
        m_forms.erase(id);
        change.forms.push_back(id);
        change.events.push_back({"form.lapsed", id});
    }
    return change;
}

BookingChange Bookings::arrive(const std::string& id)
{
    auto& appointment = m_appointments.at(id);
    ++appointment.version;
    BookingChange change;
    become(appointment, AppointmentState::Arrived, "appointment.checked_in", change);
    return change;
}

BookingChange Bookings::end(const std::string& id, VisitState visit)
{
    BookingChange change;
    auto* appointment = find(id);
    if (appointment == nullptr || appointment->state != AppointmentState::Arrived) {
        return change;
    }
    ++appointment->version;
    if (visit == VisitState::Done) {
        become(*appointment, AppointmentState::Fulfilled, "appointment.fulfilled", change);
    } else if (visit == VisitState::NoShow) {
        become(*appointment, AppointmentState::NoShow, "appointment.no_show", change);
    } else {
        become(*appointment, AppointmentState::Cancelled, "appointment.cancelled", change);
    }
    return change;
}

void Bookings::forget(Instant oldest)
{
    std::erase_if(m_appointments, [&](const auto& entry) {
        const auto& appointment = entry.second;
        const bool old = appointment.end < oldest && appointment.state != AppointmentState::Held &&
                         appointment.state != AppointmentState::Booked;
        if (old) {
            m_codes.erase(appointment.code);
        }
        return old;
    });
    std::erase_if(m_seats, [&](const auto& entry) { return entry.first.start < oldest; });
}

std::optional<Refusal> Bookings::refusesCheckIn(const BranchSettings& settings,
                                                const Appointment& appointment, Moment moment) const
{
    switch (appointment.state) {
    case AppointmentState::Booked:
    case AppointmentState::NoShow:
        break;
    case AppointmentState::Held:
    case AppointmentState::Released:
        return Refusal{RefusalCode::CodeUnknown, "nothing is booked by this code"};
    case AppointmentState::Cancelled:
        return Refusal{RefusalCode::AppointmentCancelled, "the appointment was cancelled"};
    default:
        return Refusal{RefusalCode::AppointmentOver, "the appointment has ended"};
    }
    if (moment.wall < appointment.start - settings.booking.early) {
        return Refusal{RefusalCode::TooEarly, "check-in begins later"};
    }
    if (localDate(settings.timeZone, moment.wall) !=
            localDate(settings.timeZone, appointment.start) &&
        moment.wall > appointment.start + settings.booking.late) {
        return Refusal{RefusalCode::AppointmentOver, "the appointment was on another day"};
    }
    return std::nullopt;
}

std::vector<Slot> Bookings::slots(const BranchSettings& settings, const ServiceSettings& service,
                                  std::chrono::year_month_day date, Moment moment) const
{
    std::vector<Slot> slots;
    for (const auto start : slotStarts(settings.hours, settings.timeZone, date, service.slot)) {
        if (!bookable(settings, start, moment.wall)) {
            continue;
        }
        Slot slot{start, start + service.slot};
        for (int number = 0; number < service.seats; ++number) {
            slot.free += free({service.id, start, number}, moment.time) ? 1 : 0;
        }
        slots.push_back(slot);
    }
    return slots;
}

} // namespace guichet::queue::domain
