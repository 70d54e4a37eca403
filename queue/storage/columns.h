// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

/// How values stand in columns: instants as milliseconds since 1970 UTC.
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

} // namespace guichet::queue::storage
