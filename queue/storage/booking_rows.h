// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "queue/domain/branch.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

/// The rows of appointments, seats and prepared forms. Each write is part of the transaction that
/// the caller has begun. Thread-bound.
class BookingRows {
public:
    [[nodiscard]] static Result<std::unique_ptr<BookingRows>> open(Database& database,
                                                                   std::string branch);

    /// Adds to the state what ends at `oldest` or later.
    [[nodiscard]] Result<void> load(domain::BranchState& state, Instant oldest);
    /// Writes what a command changed. Fails with Errc::Conflict if a seat has another holder.
    [[nodiscard]] Result<void> write(const domain::Bookings& bookings,
                                     const domain::Outcome& outcome);
    /// Takes names, phones and what was filled in from appointments that ended before `oldest`.
    [[nodiscard]] Result<void> redact(Instant oldest);

private:
    BookingRows(Database& database, std::string branch);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> writeAppointment(const domain::Appointment& appointment);
    [[nodiscard]] Result<void> writeSeat(const domain::SeatKey& key, const domain::Seat* seat);
    [[nodiscard]] Result<void> writeForm(const std::string& id, const domain::OpenForm* form);
    Statement& bindSeat(Statement& statement, const domain::SeatKey& key);

    Database& m_database;
    std::string m_branch;
    std::unique_ptr<Statement> m_putAppointment, m_clearSeat, m_dropSeat, m_putSeat, m_putForm,
        m_dropForm;
};

} // namespace guichet::queue::storage
