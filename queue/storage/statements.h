// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "queue/storage/columns.h"
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

/// Calls `take` for each row; the statement is bound already.
template <typename Take> [[nodiscard]] Result<void> each(Statement& statement, Take take)
{
    for (;;) {
        const auto row = statement.step();
        if (!row) {
            return tl::unexpected(row.error());
        }
        if (!*row) {
            return {};
        }
        take(statement);
    }
}

} // namespace guichet::queue::storage
