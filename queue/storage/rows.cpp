// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/rows.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "queue/storage/outbox.h"
#include "queue/storage/statements.h"

namespace guichet::queue::storage {
namespace {

using domain::Visit;

constexpr std::string_view kVisitColumns =
    "sequence, id, series, number, state, version, service, language, channel, class, place_key, "
    "place_ready, place_sequence, place_turn, line, session, counter, calls, requeues, reason, "
    "outcome, called_at, arrived_at, started_at, ended_at, code, arrive_by, delays, returns";

Visit readVisit(const Statement& row)
{
    Visit visit;
    visit.sequence = static_cast<std::uint64_t>(row.integer(0));
    visit.id = row.text(1);
    visit.ticket = {row.text(2), static_cast<int>(row.integer(3))};
    visit.state = domain::visitStateFromName(row.text(4)).value_or(domain::VisitState::Expired);
    visit.version = row.integer(5);
    visit.service = row.text(6);
    visit.language = row.text(7);
    visit.channel = row.text(8);
    visit.customerClass = static_cast<domain::CustomerClass>(row.integer(9));
    visit.place = {instant(row.integer(10)), instant(row.integer(11)),
                   static_cast<std::uint64_t>(row.integer(12)),
                   static_cast<std::uint64_t>(row.integer(13))};
    visit.line = row.text(14);
    visit.session = row.text(15);
    visit.counter = row.text(16);
    visit.calls = static_cast<int>(row.integer(17));
    visit.requeues = static_cast<int>(row.integer(18));
    visit.reason = row.text(19);
    visit.outcome = row.text(20);
    visit.calledAt = optionalInstant(row, 21);
    visit.arrivedAt = optionalInstant(row, 22);
    visit.startedAt = optionalInstant(row, 23);
    visit.endedAt = optionalInstant(row, 24);
    visit.code = row.text(25);
    visit.arriveBy = optionalInstant(row, 26);
    visit.delays = static_cast<int>(row.integer(27));
    visit.returns = static_cast<int>(row.integer(28));
    return visit;
}

} // namespace

Rows::Rows(Database& database, std::string branch)
    : m_database(database)
    , m_branch(std::move(branch))
{
}

Result<std::unique_ptr<Rows>> Rows::open(Database& database, std::string branch, bool keepsOutbox)
{
    std::unique_ptr<Rows> rows(new Rows(database, std::move(branch)));
    rows->m_keepsOutbox = keepsOutbox;
    if (auto prepared = rows->prepare(); !prepared) {
        return tl::unexpected(prepared.error());
    }
    auto bookings = BookingRows::open(database, rows->m_branch);
    if (!bookings) {
        return tl::unexpected(bookings.error());
    }
    rows->m_bookings = std::move(*bookings);
    return rows;
}

Result<void> Rows::prepare()
{
    const std::array<std::pair<std::unique_ptr<Statement>*, std::string>, 8> statements{{
        {&m_insertVisit,
         "INSERT INTO visits (branch, business_day, " + std::string(kVisitColumns) +
             ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
        {&m_updateVisit,
         "UPDATE visits SET state=?, version=?, service=?, place_key=?, place_ready=?, "
         "place_sequence=?, place_turn=?, line=?, session=?, counter=?, calls=?, requeues=?, "
         "reason=?, outcome=?, called_at=?, arrived_at=?, started_at=?, ended_at=?, code=?, "
         "arrive_by=?, delays=?, returns=? "
         "WHERE branch=? AND business_day=? AND sequence=? AND version=?"},
        {&m_insertEvent, "INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
        {&m_insertKey, "INSERT INTO idempotency VALUES (?,?,?,?,?,?)"},
        {&m_insertSession, "INSERT INTO sessions VALUES (?,?,?,?,?,?,?)"},
        {&m_updateSession, "UPDATE sessions SET state=? WHERE branch=? AND id=?"},
        {&m_insertDay, "INSERT INTO business_days VALUES (?,?,?,?,?)"},
        {&m_updateDay, "UPDATE business_days SET state=?, closed_at=? WHERE branch=? AND label=?"},
    }};
    for (const auto& [target, sql] : statements) {
        auto statement = m_database.prepare(sql);
        if (!statement) {
            return tl::unexpected(statement.error());
        }
        *target = std::move(*statement);
    }
    auto found = m_database.prepare("SELECT epoch FROM log_epoch WHERE branch=?");
    if (!found) {
        return tl::unexpected(found.error());
    }
    const auto row = (*found)->bind(m_branch).step();
    if (!row) {
        return tl::unexpected(row.error());
    }
    if (*row) {
        m_epoch = (*found)->integer(0);
        return {};
    }
    auto insert = m_database.prepare("INSERT INTO log_epoch VALUES (?, 1)");
    return insert ? (*insert)->bind(m_branch).run() : tl::unexpected(insert.error());
}

Result<domain::BranchState> Rows::load(Instant oldest)
{
    domain::BranchState state;
    const auto query = [&](std::string_view sql, auto bind, auto take) -> Result<void> {
        auto statement = m_database.prepare(sql);
        if (!statement) {
            return tl::unexpected(statement.error());
        }
        bind(**statement);
        return each(**statement, take);
    };
    const auto byBranch = [&](Statement& s) { s.bind(m_branch); };
    const auto byDay = [&](Statement& s) { s.bind(m_branch).bind(state.day.label); };
    const auto byEpoch = [&](Statement& s) { s.bind(m_branch).bind(m_epoch); };
    const auto calls = [&](Statement& s) { s.bind(m_branch).bind(m_epoch).bind(state.day.label); };
    Result<void> done =
        query("SELECT label, state, opened_at, closed_at FROM business_days WHERE branch=? "
              "ORDER BY label DESC LIMIT 1",
              byBranch, [&](const Statement& row) {
                  state.day = {row.text(0), row.text(1) == "open", instant(row.integer(2)),
                               optionalInstant(row, 3)};
              });
    if (done) {
        done = query("SELECT COALESCE(MAX(sequence), 0) FROM events WHERE branch=? AND epoch=?",
                     byEpoch, [&](const Statement& row) {
                         state.position = static_cast<std::uint64_t>(row.integer(0));
                     });
    }
    if (done) {
        done = query("SELECT " + std::string(kVisitColumns) +
                         " FROM visits WHERE branch=? AND business_day=? ORDER BY sequence",
                     byDay, [&](const Statement& row) { state.visits.push_back(readVisit(row)); });
    }
    if (done) {
        done = query("SELECT id, counter, profile, staff, state FROM sessions "
                     "WHERE branch=? AND business_day=?",
                     byDay, [&](const Statement& row) {
                         state.sessions.push_back({row.text(0), row.text(1), row.text(2),
                                                   row.text(3), row.text(4) == "open"});
                     });
    }
    if (done) {
        done = query("SELECT sequence, ticket, counter, type, recorded_at FROM events AS made "
                     "WHERE branch=? AND epoch=? AND business_day=? "
                     "AND type IN ('visit.called', 'visit.recalled') "
                     "AND NOT EXISTS (SELECT 1 FROM events AS slip WHERE slip.branch=made.branch "
                     "AND slip.epoch=made.epoch AND slip.sequence>made.sequence "
                     "AND slip.subject=made.subject AND slip.type='visit.undone' "
                     "AND slip.from_state='called') "
                     "ORDER BY sequence DESC LIMIT 20",
                     calls, [&](const Statement& row) {
                         state.calls.push_back(
                             {static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.text(2),
                              row.text(3) == "visit.recalled", instant(row.integer(4))});
                     });
    }
    if (done) {
        done = m_bookings->load(state, oldest);
    }
    if (!done) {
        return fail(std::move(done).error(), "load the business day");
    }
    return state;
}

Result<KeyRecords> Rows::loadKeys(Instant oldest)
{
    auto statement = m_database.prepare("SELECT scope, request_key, request_hash, response, "
                                        "created_at FROM idempotency "
                                        "WHERE branch=? AND created_at>=?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(stamp(oldest));
    KeyRecords records;
    const auto done = each(**statement, [&](const Statement& row) {
        records[{row.text(0), row.text(1)}] = {row.text(2), row.text(3), instant(row.integer(4))};
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return records;
}

Result<std::unique_ptr<Visit>> Rows::findVisit(const std::string& id)
{
    auto statement = m_database.prepare("SELECT " + std::string(kVisitColumns) +
                                        " FROM visits WHERE branch=? AND id=?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(id);
    std::unique_ptr<Visit> visit;
    const auto done = each(**statement, [&](const Statement& row) {
        visit = std::make_unique<Visit>(readVisit(row));
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return visit;
}

Result<void> Rows::write(const domain::Branch& branch, const domain::Outcome& outcome)
{
    Result<void> done;
    if (outcome.dayChanged) {
        done = writeDay(branch.day());
    }
    for (const auto& id : outcome.sessions) {
        if (done) {
            done = writeSession(branch.day(), *branch.session(id));
        }
    }
    for (const auto& id : outcome.visits) {
        if (done) {
            done = writeVisit(branch.day(), *branch.visit(id));
        }
    }
    for (const auto& entry : outcome.entries) {
        if (done) {
            done = writeEntry(branch.day(), entry);
        }
        if (done && m_keepsOutbox && concernsCustomer(entry.type)) {
            done = addToOutbox(m_database, m_branch, m_epoch, entry);
        }
    }
    if (done) {
        done = m_bookings->write(branch.bookings(), outcome);
    }
    return done;
}

Result<void> Rows::writeVisit(const domain::BusinessDay& day, const Visit& visit)
{
    const bool created = visit.version == 1;
    auto& row = created ? *m_insertVisit : *m_updateVisit;
    if (created) {
        row.bind(m_branch).bind(day.label).bind(static_cast<std::int64_t>(visit.sequence));
        row.bind(visit.id).bind(visit.ticket.series).bind(std::int64_t{visit.ticket.number});
    }
    row.bind(name(visit.state)).bind(visit.version).bind(visit.service);
    if (created) {
        row.bind(visit.language).bind(visit.channel);
        row.bind(static_cast<std::int64_t>(visit.customerClass));
    }
    row.bind(stamp(visit.place.key)).bind(stamp(visit.place.ready));
    row.bind(static_cast<std::int64_t>(visit.place.sequence));
    row.bind(static_cast<std::int64_t>(visit.place.turn)).bind(visit.line);
    visit.session.empty() ? row.bindNull() : row.bind(visit.session);
    row.bind(visit.counter).bind(std::int64_t{visit.calls}).bind(std::int64_t{visit.requeues});
    row.bind(visit.reason).bind(visit.outcome);
    bindOptional(row, visit.calledAt);
    bindOptional(row, visit.arrivedAt);
    bindOptional(row, visit.startedAt);
    bindOptional(row, visit.endedAt);
    row.bind(visit.code);
    bindOptional(row, visit.arriveBy);
    row.bind(std::int64_t{visit.delays}).bind(std::int64_t{visit.returns});
    if (!created) {
        row.bind(m_branch).bind(day.label).bind(static_cast<std::int64_t>(visit.sequence));
        row.bind(visit.version - 1);
    }
    if (auto done = row.run(); !done) {
        return done;
    }
    if (m_database.changes() != 1) {
        return fail(Errc::Conflict, "a visit's row is not at the version in memory");
    }
    return {};
}

Result<void> Rows::writeEntry(const domain::BusinessDay& day, const domain::LogEntry& entry)
{
    return m_insertEvent->bind(m_branch)
        .bind(m_epoch)
        .bind(static_cast<std::int64_t>(entry.sequence))
        .bind(day.label)
        .bind(entry.type)
        .bind(entry.visit)
        .bind(entry.ticket)
        .bind(entry.fromState)
        .bind(entry.toState)
        .bind(entry.service)
        .bind(entry.counter)
        .bind(entry.session)
        .bind(entry.actor)
        .bind(entry.reason)
        .bind(std::int64_t{entry.call})
        .bind(stamp(entry.recorded))
        .run();
}

Result<void> Rows::writeDay(const domain::BusinessDay& day)
{
    m_updateDay->bind(std::string_view(day.open ? "open" : "closed"));
    bindOptional(*m_updateDay, day.closedAt);
    auto updated = m_updateDay->bind(m_branch).bind(day.label).run();
    if (!updated || m_database.changes() == 1) {
        return updated;
    }
    m_insertDay->bind(m_branch).bind(day.label);
    m_insertDay->bind(std::string_view(day.open ? "open" : "closed")).bind(stamp(day.openedAt));
    bindOptional(*m_insertDay, day.closedAt);
    return m_insertDay->run();
}

Result<void> Rows::writeSession(const domain::BusinessDay& day, const domain::Session& session)
{
    const std::string_view state = session.open ? "open" : "ended";
    auto updated = m_updateSession->bind(state).bind(m_branch).bind(session.id).run();
    if (!updated || m_database.changes() == 1) {
        return updated;
    }
    return m_insertSession->bind(m_branch)
        .bind(session.id)
        .bind(day.label)
        .bind(session.counter)
        .bind(session.profile)
        .bind(session.user)
        .bind(state)
        .run();
}

Result<void> Rows::writeKey(const std::string& scope, const std::string& key,
                            const KeyRecord& record)
{
    return m_insertKey->bind(m_branch)
        .bind(scope)
        .bind(key)
        .bind(record.requestHash)
        .bind(record.response)
        .bind(stamp(record.created))
        .run();
}

Result<void> Rows::forgetKeys(Instant oldest)
{
    auto statement = m_database.prepare("DELETE FROM idempotency WHERE branch=? AND created_at<?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    return (*statement)->bind(m_branch).bind(stamp(oldest)).run();
}

} // namespace guichet::queue::storage
