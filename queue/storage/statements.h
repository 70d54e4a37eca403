// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

/// Runs one statement without rows; `bind` gives it its parameters.
template <typename Bind>
[[nodiscard]] Result<void> change(Database& database, std::string_view sql, Bind bind)
{
    auto statement = database.prepare(sql);
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    bind(**statement);
    return (*statement)->run();
}

/// The rows of one query, each as `take` makes it.
template <typename Row, typename Take>
[[nodiscard]] Result<std::vector<Row>> select(Database& database, std::string_view sql, Take take)
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

/// Instants are stored as milliseconds since 1970 UTC.
[[nodiscard]] inline std::int64_t stamp(Instant instant)
{
    return instant.time_since_epoch().count();
}
[[nodiscard]] inline Instant instantOf(std::int64_t stamped)
{
    return Instant(std::chrono::milliseconds(stamped));
}

} // namespace guichet::queue::storage
