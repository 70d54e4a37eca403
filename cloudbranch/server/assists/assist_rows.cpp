// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/assist_rows.h"

#include "cloudbranch/server/assists/assist_documents.h"
#include "queue/storage/statements.h"

namespace guichet::hub {

using namespace signalling;
using queue::storage::change;
using queue::storage::Database;
using queue::storage::stamp;
using queue::storage::Statement;

namespace {

template <typename Value, typename Parse>
Result<std::vector<Value>> load(Database& database, const std::string& branch, std::string_view sql,
                                Parse parse)
{
    auto statement = database.prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(branch);
    std::vector<Value> values;
    Result<void> sound;
    const auto done = queue::storage::each(**statement, [&](const Statement& row) {
        auto value = parse(nlohmann::json::parse(row.text(0), nullptr, false));
        if (value) {
            values.push_back(std::move(*value));
        } else {
            sound = tl::unexpected(value.error());
        }
    });
    if (!done || !sound) {
        return tl::unexpected(done ? sound.error() : done.error());
    }
    return values;
}

Result<void> replace(Database& database, const std::string& branch, const Assist& assist)
{
    return change(database,
                  "INSERT INTO assists (branch, id, case_id, state, changed_at, document) "
                  "VALUES (?,?,?,?,?,?) ON CONFLICT (branch, id) DO UPDATE SET "
                  "state=excluded.state, changed_at=excluded.changed_at, "
                  "document=excluded.document",
                  [&](Statement& row) {
                      row.bind(branch).bind(assist.id).bind(assist.caseId);
                      row.bind(name(assist.state)).bind(stamp(assist.since));
                      row.bind(storedAssist(assist).dump());
                  });
}

Result<void> replace(Database& database, const std::string& branch, const std::string& id,
                     const Seat* seat)
{
    if (seat == nullptr) {
        return change(database, "DELETE FROM assist_seats WHERE branch=? AND id=?",
                      [&](Statement& row) { row.bind(branch).bind(id); });
    }
    return change(
        database,
        "INSERT INTO assist_seats (branch, id, document) VALUES (?,?,?) "
        "ON CONFLICT (branch, id) DO UPDATE SET document=excluded.document",
        [&](Statement& row) { row.bind(branch).bind(id).bind(storedSeat(*seat).dump()); });
}

Result<void> append(Database& database, const std::string& branch, const SwitchEntry& entry)
{
    return change(database, "INSERT INTO assist_events VALUES (?,?,?,?,?,?,?,?,?)",
                  [&](Statement& row) {
                      row.bind(branch).bind(static_cast<std::int64_t>(entry.sequence));
                      row.bind(entry.type).bind(entry.assist).bind(entry.seat);
                      row.bind(entry.fromState).bind(entry.toState).bind(entry.reason);
                      row.bind(stamp(entry.at));
                  });
}

} // namespace

Result<SwitchState> loadSwitch(Database& database, const std::string& branch)
{
    auto assists =
        load<Assist>(database, branch,
                     "SELECT document FROM assists WHERE branch=? AND state<>'closed'", assistFrom);
    if (!assists) {
        return tl::unexpected(assists.error());
    }
    auto seats =
        load<Seat>(database, branch, "SELECT document FROM assist_seats WHERE branch=?", seatFrom);
    if (!seats) {
        return tl::unexpected(seats.error());
    }
    auto last = database.prepare("SELECT MAX(sequence) FROM assist_events WHERE branch=?");
    if (!last) {
        return tl::unexpected(last.error());
    }
    (*last)->bind(branch);
    const auto row = (*last)->step();
    if (!row) {
        return tl::unexpected(row.error());
    }
    const auto position = *row && !(*last)->null(0) ? (*last)->integer(0) : 0;
    return SwitchState{.position = static_cast<std::uint64_t>(position),
                       .assists = std::move(*assists),
                       .seats = std::move(*seats)};
}

Result<bool> isKnown(Database& database, const std::string& branch, const std::string& id)
{
    auto statement = database.prepare("SELECT 1 FROM assists WHERE branch=? AND id=?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(branch).bind(id);
    return (*statement)->step();
}

Result<void> writeSwitch(Database& database, const std::string& branch, const Switchboard& board,
                         const SwitchOutcome& outcome)
{
    for (const auto& id : outcome.assists) {
        if (auto done = replace(database, branch, *board.assist(id)); !done) {
            return done;
        }
    }
    for (const auto& id : outcome.seats) {
        if (auto done = replace(database, branch, id, board.seat(id)); !done) {
            return done;
        }
    }
    for (const auto& entry : outcome.entries) {
        if (auto done = append(database, branch, entry); !done) {
            return done;
        }
    }
    return {};
}

} // namespace guichet::hub
