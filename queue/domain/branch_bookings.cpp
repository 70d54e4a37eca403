// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <utility>

#include "queue/domain/branch.h"
#include "queue/domain/branch_context.h"

/// The branch's commands that are about promised times and arrivals.
namespace guichet::queue::domain {

std::string Branch::idOf(const std::string& code) const
{
    const auto found = m_remoteCodes.find(code);
    return found == m_remoteCodes.end() ? m_bookings.idOf(code) : found->second;
}

void Branch::note(BookingChange change, Context& context)
{
    for (const auto& event : change.events) {
        log(context, event.type, event.subject).service = event.service;
    }
    auto& outcome = context.outcome;
    std::ranges::move(change.appointments, std::back_inserter(outcome.appointments));
    std::ranges::move(change.forms, std::back_inserter(outcome.forms));
    std::ranges::move(change.seats, std::back_inserter(outcome.seats));
}

Answer Branch::booked(Bookings::Done done, const std::string& appointment, Context& context)
{
    if (!done) {
        return tl::unexpected(std::move(done.error()));
    }
    note(std::move(*done), context);
    context.outcome.appointment = appointment;
    return std::move(context.outcome);
}

Answer Branch::run(const HoldSeat& command, Context& context)
{
    return booked(m_bookings.hold(m_settings, command, context.moment), command.appointment,
                  context);
}

Answer Branch::run(const ReleaseHold& command, Context& context)
{
    return booked(m_bookings.release(command), command.appointment, context);
}

Answer Branch::run(const ConfirmHold& command, Context& context)
{
    return booked(m_bookings.confirm(m_settings, command, context.moment), command.appointment,
                  context);
}

Answer Branch::run(const MoveAppointment& command, Context& context)
{
    return booked(m_bookings.move(m_settings, command, context.moment), command.appointment,
                  context);
}

Answer Branch::run(const CancelAppointment& command, Context& context)
{
    return booked(m_bookings.cancel(m_settings, command, context.moment), command.appointment,
                  context);
}

Answer Branch::run(const PrepareForm& command, Context& context)
{
    auto done = m_bookings.prepare(command, context.moment);
    if (done) {
        context.outcome.form = command.id;
    }
    return booked(std::move(done), {}, context);
}

Answer Branch::run(const CheckIn& command, Context& context)
{
    const auto id = command.code.empty() ? command.id : idOf(command.code);
    if (const auto found = m_visits.find(id); found != m_visits.end()) {
        return comeBack(found->second, context);
    }
    if (const auto* appointment = m_bookings.appointment(id)) {
        return keep(*appointment, command, context);
    }
    if (m_bookings.form(id) != nullptr) {
        context.outcome.form = id;
        return std::move(context.outcome);
    }
    return refuse(RefusalCode::CodeUnknown, "nothing is known by this code");
}

/// Somebody with a number stands at the terminal.
Answer Branch::comeBack(Visit& visit, Context& context)
{
    context.outcome.visit = visit.id;
    if (!isTerminal(visit.state) && visit.state != VisitState::Remote) {
        return std::move(context.outcome); // is in line already
    }
    if (visit.state == VisitState::Expired) {
        return refuse(RefusalCode::NumberLapsed, "the time to arrive is over");
    }
    const auto trigger = visit.state == VisitState::Remote ? Trigger::CheckIn : Trigger::ReturnLate;
    const auto* row = findTransition(visit.state, trigger);
    if (row == nullptr) {
        return refuse(RefusalCode::VisitEnded, "the number has ended");
    }
    const ChangeVisit command{visit.id, trigger};
    if (auto refusal = guards().row(row->guard, visit, command, context.actor, context.moment)) {
        return tl::unexpected(std::move(*refusal));
    }
    apply(visit, *row, command, context);
    return std::move(context.outcome);
}

/// Somebody with a booked time stands at the terminal. Too late for the promise, still in line: as
/// one who came without.
Answer Branch::keep(const Appointment& appointment, const CheckIn& command, Context& context)
{
    if (!m_day.open) {
        return refuse(RefusalCode::DayClosed, "the business day is not open");
    }
    if (m_settings.service(appointment.service) == nullptr) {
        return refuse(RefusalCode::ServiceUnknown, "this branch no longer has the service");
    }
    if (auto refusal = m_bookings.refusesCheckIn(m_settings, appointment, context.moment)) {
        return tl::unexpected(std::move(*refusal));
    }
    const auto wall = context.moment.wall;
    Visit visit;
    visit.id = appointment.id;
    visit.service = appointment.service;
    visit.language = appointment.language;
    visit.channel = command.channel;
    visit.customerClass = wall <= appointment.start + m_settings.booking.late
                              ? CustomerClass::Booked
                              : CustomerClass::WalkIn;
    const auto early = std::max(appointment.start - wall, std::chrono::milliseconds(0));
    auto admitted =
        admit(std::move(visit), Trigger::CheckInAppointment, context.moment.time + early, context);
    if (admitted) {
        context.outcome = std::move(*admitted);
        note(m_bookings.arrive(appointment.id), context);
        context.outcome.appointment = appointment.id;
        return std::move(context.outcome);
    }
    return admitted;
}

Answer Branch::run(const Lapse&, Context& context)
{
    note(m_bookings.lapse(m_settings, context.moment), context);
    while (!m_arrivals.empty() && m_arrivals.begin()->first < context.moment.time) {
        auto& visit = m_visits.at(m_arrivals.begin()->second);
        apply(visit, *findTransition(VisitState::Remote, Trigger::ArrivalLimit),
              {visit.id, Trigger::ArrivalLimit}, context);
    }
    return std::move(context.outcome);
}

} // namespace guichet::queue::domain
