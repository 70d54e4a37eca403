// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "queue/domain/branch.h"
#include "queue/storage/booking_rows.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

struct KeyRecord {
    std::string requestHash;
    std::string response;
    Instant created{};
};
using KeyRecords = std::map<std::pair<std::string, std::string>, KeyRecord>; ///< by scope and key

/// The branch's rows, read and written by prepared statements. Each write is part of the
/// transaction that the caller has begun. Thread-bound.
class Rows {
public:
    [[nodiscard]] static Result<std::unique_ptr<Rows>> open(Database& database, std::string branch,
                                                            bool keepsOutbox = false);

    [[nodiscard]] std::int64_t epoch() const { return m_epoch; }
    /// The newest business day with all its visits and sessions, and the appointments that end at
    /// `oldest` or later.
    [[nodiscard]] Result<domain::BranchState> load(Instant oldest);
    [[nodiscard]] BookingRows& bookings() { return *m_bookings; }
    [[nodiscard]] Result<KeyRecords> loadKeys(Instant oldest);
    /// A visit of any day, or nothing.
    [[nodiscard]] Result<std::unique_ptr<domain::Visit>> findVisit(const std::string& id);

    /// Writes all that a command changed. Fails with Errc::Conflict if a row was not as expected.
    [[nodiscard]] Result<void> write(const domain::Branch& branch, const domain::Outcome& outcome);
    [[nodiscard]] Result<void> writeKey(const std::string& scope, const std::string& key,
                                        const KeyRecord& record);
    [[nodiscard]] Result<void> forgetKeys(Instant oldest);

private:
    Rows(Database& database, std::string branch);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> writeVisit(const domain::BusinessDay& day,
                                          const domain::Visit& visit);
    [[nodiscard]] Result<void> writeEntry(const domain::BusinessDay& day,
                                          const domain::LogEntry& entry);
    [[nodiscard]] Result<void> writeDay(const domain::BusinessDay& day);
    [[nodiscard]] Result<void> writeSession(const domain::BusinessDay& day,
                                            const domain::Session& session);

    Database& m_database;
    std::string m_branch;
    std::int64_t m_epoch = 1;
    bool m_keepsOutbox = false;
    std::unique_ptr<BookingRows> m_bookings;
    std::unique_ptr<Statement> m_insertVisit, m_updateVisit, m_insertEvent, m_insertKey,
        m_insertSession, m_updateSession, m_insertDay, m_updateDay;
};

} // namespace guichet::queue::storage
