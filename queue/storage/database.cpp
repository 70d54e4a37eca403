// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/database.h"

#include <sys/stat.h>

#include <fmt/format.h>
#include <sqlite3.h>

#include "queue/storage/schema.h"

namespace guichet::queue::storage {
namespace {

tl::unexpected<Error> failure(sqlite3* handle, int code)
{
    const auto detail = fmt::format("sqlite: {}", sqlite3_errmsg(handle));
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return fail(Errc::Conflict, detail);
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PERM:
        return fail(Errc::Busy, detail, Remedy::Wait);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return fail(Errc::Invalid, detail, Remedy::CallStaff);
    default:
        return fail(Errc::Internal, detail);
    }
}

} // namespace

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement& Statement::bind(std::string_view value)
{
    // A null pointer would bind NULL, not the empty text.
    sqlite3_bind_text(m_statement, m_next++, value.empty() ? "" : value.data(),
                      static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bind(std::int64_t value)
{
    sqlite3_bind_int64(m_statement, m_next++, value);
    return *this;
}

Statement& Statement::bindNull()
{
    sqlite3_bind_null(m_statement, m_next++);
    return *this;
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    m_next = 1;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) {
        return true;
    }
    auto* handle = sqlite3_db_handle(m_statement);
    if (code == SQLITE_DONE) {
        reset();
        return false;
    }
    auto error = failure(handle, code);
    reset();
    return error;
}

Result<void> Statement::run()
{
    auto stepped = step();
    while (stepped && *stepped) {
        stepped = step();
    }
    if (!stepped) {
        return tl::unexpected(stepped.error());
    }
    return {};
}

std::string Statement::text(int column) const
{
    const auto* bytes = sqlite3_column_blob(m_statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

bool Statement::null(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file,
                                                 std::int64_t maxPages)
{
    const auto mask = umask(0077); // the file holds what customers and staff did
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    umask(mask);
    std::unique_ptr<Database> database(new Database(handle));
    if (code != SQLITE_OK) {
        return failure(handle, code);
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 2000);
    for (const char* pragma :
         {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
          "PRAGMA foreign_keys=ON", "PRAGMA wal_autocheckpoint=4000", "PRAGMA cache_size=-16384"}) {
        if (auto set = database->execute(pragma); !set) {
            return fail(std::move(set).error(), file.string());
        }
    }
    if (auto sound = database->check(); !sound) {
        return fail(std::move(sound).error(), file.string());
    }
    if (auto migrated = database->migrate(); !migrated) {
        return fail(std::move(migrated).error(), file.string());
    }
    if (maxPages > 0) {
        auto limited = database->execute(fmt::format("PRAGMA max_page_count={}", maxPages));
        if (!limited) {
            return tl::unexpected(limited.error());
        }
    }
    return database;
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Result<std::unique_ptr<Statement>> Database::prepare(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        return failure(m_handle, code);
    }
    return std::make_unique<Statement>(statement);
}

Result<void> Database::execute(const std::string& sql)
{
    const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return failure(m_handle, code);
    }
    return {};
}

int Database::changes() const
{
    return sqlite3_changes(m_handle);
}

Result<void> Database::check()
{
    auto statement = prepare("PRAGMA integrity_check(1)");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    const auto row = (*statement)->step();
    if (!row) {
        return tl::unexpected(row.error());
    }
    if (!*row || (*statement)->text(0) != "ok") {
        return fail(Errc::Invalid, "the database is damaged", Remedy::CallStaff);
    }
    return {};
}

Result<void> Database::migrate()
{
    auto created = execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    if (!created) {
        return created;
    }
    std::size_t version = 0;
    {
        auto statement = prepare("SELECT COALESCE(MAX(version), 0) FROM schema_version");
        if (!statement) {
            return tl::unexpected(statement.error());
        }
        const auto row = (*statement)->step();
        if (!row) {
            return tl::unexpected(row.error());
        }
        version = static_cast<std::size_t>((*statement)->integer(0));
    }
    const auto steps = migrations();
    if (version > steps.size()) {
        return fail(
            Errc::Invalid,
            fmt::format("schema version {} is newer than this program's {}", version, steps.size()),
            Remedy::CallStaff);
    }
    for (; version < steps.size(); ++version) {
        auto done = execute(fmt::format("BEGIN;{}INSERT INTO schema_version VALUES ({});COMMIT",
                                        steps[version], version + 1));
        if (!done) {
            return done;
        }
    }
    return {};
}

} // namespace guichet::queue::storage
