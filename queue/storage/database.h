// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace guichet::queue::storage {

/// One prepared statement. Parameters and columns count from 0. Thread-bound.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement)
        : m_statement(statement)
    {
    }
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(std::string_view value);
    Statement& bind(std::int64_t value);
    Statement& bindNull();
    /// True: a row is there. Fails with Errc::Busy (disk full, read-only, I/O), Conflict
    /// (constraint) or Internal; the statement is reset on failure and at the end.
    [[nodiscard]] Result<bool> step();
    /// Runs a statement that gives no rows.
    [[nodiscard]] Result<void> run();
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool null(int column) const;

private:
    void reset();

    sqlite3_stmt* m_statement;
    int m_next = 1;
};

/// One SQLite file in WAL mode with synchronous=FULL. Thread-bound.
class Database {
public:
    /// Opens or creates the file, checks its integrity and brings its schema up to date. Fails with
    /// Errc::Busy (cannot write, in use), Invalid (damaged, or written by a newer version).
    /// `maxPages` above 0 limits the file's size, as a full disk would.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                                std::int64_t maxPages = 0);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] Result<std::unique_ptr<Statement>> prepare(std::string_view sql);
    /// One or more statements without rows.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    [[nodiscard]] int changes() const;

private:
    explicit Database(sqlite3* handle)
        : m_handle(handle)
    {
    }
    [[nodiscard]] Result<void> migrate();
    [[nodiscard]] Result<void> check();

    sqlite3* m_handle;
};

} // namespace guichet::queue::storage
