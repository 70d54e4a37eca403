// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/staff_rows.h"

#include "queue/storage/statements.h"

namespace guichet::queue::storage {

Result<std::vector<StaffMember>> loadStaff(Database& database)
{
    return select<StaffMember>(
        database, "SELECT name, role, password_hash, totp_secret, totp_step FROM staff",
        [](const Statement& row) {
            return StaffMember{row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4)};
        });
}

Result<void> saveStaff(Database& database, const StaffMember& member)
{
    auto done = change(database, "DELETE FROM staff WHERE name=?",
                       [&](Statement& row) { row.bind(member.name); });
    if (!done) {
        return done;
    }
    return change(database,
                  "INSERT INTO staff (name, role, password_hash, totp_secret, totp_step) "
                  "VALUES (?,?,?,?,?)",
                  [&](Statement& row) {
                      row.bind(member.name).bind(member.role).bind(member.passwordHash);
                      row.bind(member.totpSecret).bind(member.totpStep);
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
            return StaffToken{row.text(0), row.text(1), row.text(2), instant(row.integer(3))};
        });
}

Result<void> saveToken(Database& database, const StaffToken& token)
{
    return change(database, "INSERT INTO staff_tokens VALUES (?,?,?,?)", [&](Statement& row) {
        row.bind(token.hash).bind(token.name).bind(token.role).bind(stamp(token.expires));
    });
}

Result<void> removeTokensOf(Database& database, const std::string& name)
{
    return change(database, "DELETE FROM staff_tokens WHERE name=?",
                  [&](Statement& row) { row.bind(name); });
}

Result<std::vector<StaffLock>> loadLocks(Database& database, Instant now)
{
    auto done = change(database, "DELETE FROM staff_locks WHERE locked_until<=?",
                       [&](Statement& row) { row.bind(stamp(now)); });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return select<StaffLock>(database, "SELECT name, locked_until FROM staff_locks",
                             [](const Statement& row) {
                                 return StaffLock{row.text(0), instant(row.integer(1))};
                             });
}

Result<void> saveLock(Database& database, const StaffLock& lock)
{
    auto done = change(database, "DELETE FROM staff_locks WHERE name=?",
                       [&](Statement& row) { row.bind(lock.name); });
    if (!done) {
        return done;
    }
    return change(database, "INSERT INTO staff_locks VALUES (?,?)",
                  [&](Statement& row) { row.bind(lock.name).bind(stamp(lock.until)); });
}

} // namespace guichet::queue::storage
