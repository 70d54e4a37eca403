// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace guichet::queue::storage {

/// Steps from an empty file to the newest schema, in SQL that SQLite and PostgreSQL both take;
/// step n leads to schema version n + 1. A released step never changes. Instants are milliseconds
/// since 1970 UTC.
[[nodiscard]] std::span<const char* const> migrations();

} // namespace guichet::queue::storage
