// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/outbox.h"

#include "queue/storage/statements.h"

namespace guichet::queue::storage {
namespace {

void bindKey(Statement& row, const std::string& branch, const OutboxItem& item)
{
    row.bind(branch).bind(item.epoch).bind(item.sequence);
}

} // namespace

bool concernsCustomer(std::string_view eventType)
{
    return eventType == "appointment.booked" || eventType == "appointment.moved" ||
           eventType == "appointment.cancelled";
}

Result<void> addToOutbox(Database& database, const std::string& branch, std::int64_t epoch,
                         const domain::LogEntry& entry)
{
    return change(database, "INSERT INTO outbox VALUES (?,?,?,?,?,?,0,?)", [&](Statement& row) {
        row.bind(branch).bind(epoch).bind(static_cast<std::int64_t>(entry.sequence));
        row.bind(entry.type).bind(entry.visit);
        row.bind(stamp(entry.recorded)).bind(stamp(entry.recorded));
    });
}

Result<std::vector<OutboxItem>> dueInOutbox(Database& database, const std::string& branch,
                                            Instant now, std::int64_t most)
{
    auto statement = database.prepare("SELECT epoch, sequence, kind, subject, created_at, attempts "
                                      "FROM outbox WHERE branch=? AND next_at<=? "
                                      "ORDER BY epoch, sequence LIMIT ?");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(branch).bind(stamp(now)).bind(most);
    std::vector<OutboxItem> items;
    const auto done = each(**statement, [&](const Statement& row) {
        items.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3),
                         instant(row.integer(4)), static_cast<int>(row.integer(5))});
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return items;
}

Result<void> removeFromOutbox(Database& database, const std::string& branch, const OutboxItem& item)
{
    return change(database, "DELETE FROM outbox WHERE branch=? AND epoch=? AND sequence=?",
                  [&](Statement& row) { bindKey(row, branch, item); });
}

Result<void> postponeInOutbox(Database& database, const std::string& branch, const OutboxItem& item,
                              Instant next)
{
    return change(database,
                  "UPDATE outbox SET attempts=attempts+1, next_at=? "
                  "WHERE branch=? AND epoch=? AND sequence=?",
                  [&](Statement& row) {
                      row.bind(stamp(next));
                      bindKey(row, branch, item);
                  });
}

} // namespace guichet::queue::storage
