// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/staff_rows.h"

namespace guichet::queue::storage {
namespace {

template <typename Bind> Result<void> change(Database& database, std::string_view sql, Bind bind)
{
    auto statement = database.prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    bind(**statement);
    return (*statement)->run();
}

template <typename Row, typename Take>
Result<std::vector<Row>> select(Database& database, std::string_view sql, Take take)
{
    auto statement = database.prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    std::vector<Row> rows;
    auto row = (*statement)->step();
    for (; row && *row; row = (*statement)->step()) {
        rows.push_back(take(**statement));
    }
    if (!row) {
        return tl::unexpected(row.error());
    }
    return rows;
}

std::int64_t stamp(Instant instant)
{
    return instant.time_since_epoch().count();
}

} // namespace

Result<std::vector<StaffMember>> loadStaff(Database& database)
{
    return select<StaffMember>(database, "SELECT name, role, password_hash FROM staff",
                               [](const Statement& row) {
                                   return StaffMember{row.text(0), row.text(1), row.text(2)};
                               });
}

Result<void> saveStaff(Database& database, const StaffMember& member)
{
    auto done = change(database, "DELETE FROM staff WHERE name=?",
                       [&](Statement& row) { row.bind(member.name); });
    if (!done) {
        return done;
    }
    return change(database, "INSERT INTO staff VALUES (?,?,?)", [&](Statement& row) {
        row.bind(member.name).bind(member.role).bind(member.passwordHash);
    });
}

Result<std::vector<StaffToken>> loadTokens(Database& database, Instant now)
{
    auto done = change(database, "DELETE FROM staff_tokens WHERE expires_at<=?",
                       [&](Statement& row) { row.bind(stamp(now)); });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return select<StaffToken>(
        database, "SELECT token_hash, name, role, expires_at FROM staff_tokens",
        [](const Statement& row) {
            return StaffToken{row.text(0), row.text(1), row.text(2),
                              Instant(std::chrono::milliseconds(row.integer(3)))};
        });
}

Result<void> saveToken(Database& database, const StaffToken& token)
{
    return change(database, "INSERT INTO staff_tokens VALUES (?,?,?,?)", [&](Statement& row) {
        row.bind(token.hash).bind(token.name).bind(token.role).bind(stamp(token.expires));
    });
}

} // namespace guichet::queue::storage
