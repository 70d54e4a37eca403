// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/push_rows.h"

#include "queue/storage/statements.h"

namespace guichet::queue::storage {

Result<void> putPush(Database& database, const std::string& branch, const PushRow& row)
{
    return change(database,
                  "INSERT INTO push_subscriptions VALUES (?,?,?,?,?,?) "
                  "ON CONFLICT (branch, visit, endpoint) DO UPDATE SET "
                  "browser_key=excluded.browser_key, secret=excluded.secret",
                  [&](Statement& statement) {
                      statement.bind(branch).bind(row.visit).bind(row.endpoint);
                      statement.bind(row.key).bind(row.secret).bind(row.told);
                  });
}

Result<std::vector<PushRow>> pushRows(Database& database, const std::string& branch)
{
    auto statement = database.prepare("SELECT visit, endpoint, browser_key, secret, told "
                                      "FROM push_subscriptions WHERE branch=? ORDER BY visit");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(branch);
    std::vector<PushRow> rows;
    const auto done = each(**statement, [&](const Statement& row) {
        rows.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return rows;
}

Result<void> tellPush(Database& database, const std::string& branch, const PushRow& row)
{
    return change(database,
                  "UPDATE push_subscriptions SET told=? WHERE branch=? AND visit=? AND endpoint=?",
                  [&](Statement& statement) {
                      statement.bind(row.told).bind(branch).bind(row.visit).bind(row.endpoint);
                  });
}

Result<void> dropPush(Database& database, const std::string& branch, const PushRow& row)
{
    return change(
        database, "DELETE FROM push_subscriptions WHERE branch=? AND visit=? AND endpoint=?",
        [&](Statement& statement) { statement.bind(branch).bind(row.visit).bind(row.endpoint); });
}

} // namespace guichet::queue::storage
