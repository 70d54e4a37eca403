// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

/// How values stand in columns.
namespace guichet::queue::storage {

[[nodiscard]] inline std::int64_t stamp(Instant instant)
{
    return instant.time_since_epoch().count();
}
[[nodiscard]] inline Instant instant(std::int64_t stamp)
{
    return Instant(std::chrono::milliseconds(stamp));
}

inline void bindOptional(Statement& statement, const std::optional<Instant>& value)
{
    value ? statement.bind(stamp(*value)) : statement.bindNull();
}
[[nodiscard]] inline std::optional<Instant> optionalInstant(const Statement& statement, int column)
{
    return statement.null(column) ? std::nullopt
                                  : std::optional(instant(statement.integer(column)));
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
