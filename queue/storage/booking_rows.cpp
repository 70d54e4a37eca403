// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/booking_rows.h"

#include <array>
#include <string_view>
#include <utility>

#include "queue/storage/statements.h"

namespace guichet::queue::storage {
namespace {

using domain::Appointment;
using domain::AppointmentState;

Appointment readAppointment(const Statement& row)
{
    Appointment appointment;
    appointment.id = row.text(0);
    appointment.state =
        domain::appointmentStateFromName(row.text(1)).value_or(AppointmentState::Released);
    appointment.version = row.integer(2);
    appointment.service = row.text(3);
    appointment.start = instant(row.integer(4));
    appointment.end = instant(row.integer(5));
    appointment.seat = static_cast<int>(row.integer(6));
    appointment.holdUntil = instant(row.integer(7));
    appointment.code = row.text(8);
    appointment.customer = row.text(9);
    appointment.phone = row.text(10);
    appointment.language = row.text(11);
    appointment.form = {row.text(12), row.text(13)};
    appointment.moves = static_cast<int>(row.integer(14));
    return appointment;
}

} // namespace

BookingRows::BookingRows(Database& database, std::string branch)
    : m_database(database)
    , m_branch(std::move(branch))
{
}

Result<std::unique_ptr<BookingRows>> BookingRows::open(Database& database, std::string branch)
{
    std::unique_ptr<BookingRows> rows(new BookingRows(database, std::move(branch)));
    if (auto prepared = rows->prepare(); !prepared) {
        return tl::unexpected(prepared.error());
    }
    return rows;
}

Result<void> BookingRows::prepare()
{
    const std::array<std::pair<std::unique_ptr<Statement>*, std::string_view>, 6> statements{{
        {&m_putAppointment,
         "INSERT INTO appointments VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
         "ON CONFLICT (branch, id) DO UPDATE SET state=excluded.state, version=excluded.version, "
         "start_at=excluded.start_at, end_at=excluded.end_at, seat=excluded.seat, "
         "code=excluded.code, customer=excluded.customer, phone=excluded.phone, "
         "language=excluded.language, journey=excluded.journey, fields=excluded.fields, "
         "moves=excluded.moves"},
        // A seat can be claimed if it rests or if its holder no longer keeps it; the primary key
        // refuses any other claim.
        {&m_clearSeat,
         "DELETE FROM seats WHERE branch=? AND service=? AND start_at=? AND seat=? AND "
         "(holder='' OR EXISTS (SELECT 1 FROM appointments AS past WHERE past.branch=seats.branch "
         "AND past.id=seats.holder AND past.state NOT IN "
         "('held','booked','arrived','fulfilled')))"},
        {&m_dropSeat, "DELETE FROM seats WHERE branch=? AND service=? AND start_at=? AND seat=?"},
        {&m_putSeat, "INSERT INTO seats VALUES (?,?,?,?,?,?)"},
        {&m_putForm, "INSERT INTO forms VALUES (?,?,?,?,?,?)"},
        {&m_dropForm, "DELETE FROM forms WHERE branch=? AND id=?"},
    }};
    for (const auto& [target, sql] : statements) {
        auto statement = m_database.prepare(sql);
        if (!statement) {
            return tl::unexpected(statement.error());
        }
        *target = std::move(*statement);
    }
    return {};
}

Result<void> BookingRows::load(domain::BranchState& state, Instant oldest)
{
    const auto query = [&](std::string_view sql, auto take) -> Result<void> {
        auto statement = m_database.prepare(sql);
        if (!statement) {
            return tl::unexpected(statement.error());
        }
        (*statement)->bind(m_branch).bind(stamp(oldest));
        return each(**statement, take);
    };
    auto done =
        query("SELECT id, state, version, service, start_at, end_at, seat, hold_until, "
              "code, customer, phone, language, journey, fields, moves FROM appointments "
              "WHERE branch=? AND end_at>=? AND state<>'released'",
              [&](const Statement& row) { state.appointments.push_back(readAppointment(row)); });
    if (done) {
        done = query("SELECT service, start_at, seat, holder, rests_until FROM seats "
                     "WHERE branch=? AND start_at>=?",
                     [&](const Statement& row) {
                         const domain::SeatKey key{row.text(0), instant(row.integer(1)),
                                                   static_cast<int>(row.integer(2))};
                         state.seats[key] = {row.text(3), instant(row.integer(4))};
                     });
    }
    if (done) {
        done = query("SELECT id, code, journey, fields, until_at FROM forms "
                     "WHERE branch=? AND until_at>=?",
                     [&](const Statement& row) {
                         state.forms.push_back({row.text(0),
                                                row.text(1),
                                                {row.text(2), row.text(3)},
                                                instant(row.integer(4))});
                     });
    }
    return done;
}

Result<void> BookingRows::write(const domain::Bookings& bookings, const domain::Outcome& outcome)
{
    Result<void> done;
    for (const auto& id : outcome.appointments) { // before the seats, which look at them
        if (done) {
            done = writeAppointment(*bookings.appointment(id));
        }
    }
    for (const auto& key : outcome.seats) {
        if (done) {
            done = writeSeat(key, bookings.seat(key));
        }
    }
    for (const auto& id : outcome.forms) {
        if (done) {
            done = writeForm(id, bookings.form(id));
        }
    }
    return done;
}

Result<void> BookingRows::writeAppointment(const Appointment& appointment)
{
    return m_putAppointment->bind(m_branch)
        .bind(appointment.id)
        .bind(name(appointment.state))
        .bind(appointment.version)
        .bind(appointment.service)
        .bind(stamp(appointment.start))
        .bind(stamp(appointment.end))
        .bind(std::int64_t{appointment.seat})
        .bind(stamp(appointment.holdUntil))
        .bind(appointment.code)
        .bind(appointment.customer)
        .bind(appointment.phone)
        .bind(appointment.language)
        .bind(appointment.form.journey)
        .bind(appointment.form.fields)
        .bind(std::int64_t{appointment.moves})
        .run();
}

Statement& BookingRows::bindSeat(Statement& statement, const domain::SeatKey& key)
{
    return statement.bind(m_branch)
        .bind(key.service)
        .bind(stamp(key.start))
        .bind(std::int64_t{key.seat});
}

Result<void> BookingRows::writeSeat(const domain::SeatKey& key, const domain::Seat* seat)
{
    if (seat == nullptr) {
        return bindSeat(*m_dropSeat, key).run();
    }
    auto& clear = seat->holder.empty() ? *m_dropSeat : *m_clearSeat;
    if (auto cleared = bindSeat(clear, key).run(); !cleared) {
        return cleared;
    }
    return bindSeat(*m_putSeat, key).bind(seat->holder).bind(stamp(seat->restsUntil)).run();
}

Result<void> BookingRows::writeForm(const std::string& id, const domain::OpenForm* form)
{
    if (form == nullptr) {
        return m_dropForm->bind(m_branch).bind(id).run();
    }
    return m_putForm->bind(m_branch)
        .bind(id)
        .bind(form->code)
        .bind(form->form.journey)
        .bind(form->form.fields)
        .bind(stamp(form->until))
        .run();
}

Result<void> BookingRows::redact(Instant oldest)
{
    return change(m_database,
                  "UPDATE appointments SET customer='', phone='', fields='' "
                  "WHERE branch=? AND end_at<? AND phone<>''",
                  [&](Statement& row) { row.bind(m_branch).bind(stamp(oldest)); });
}

} // namespace guichet::queue::storage
