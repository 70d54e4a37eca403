// SPDX-License-Identifier: Apache-2.0
#include "kiosk/bank/sandbox/ledger.h"

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sys/stat.h>

#include <sqlite3.h>

#include "peripherals/base/random.h"

namespace guichet::bank {
namespace {

constexpr const char* kSchema = R"sql(
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE IF NOT EXISTS customers(number TEXT PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL,
                                     counter_only INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS documents(document TEXT PRIMARY KEY, customer TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS identifications(handle TEXT PRIMARY KEY, customer TEXT NOT NULL,
                                           name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS evidence(handle TEXT PRIMARY KEY, kind TEXT NOT NULL,
                                    media_type TEXT NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS changes(number INTEGER PRIMARY KEY, customer TEXT NOT NULL,
                                   phone TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS answers(key TEXT PRIMARY KEY, request_hash TEXT NOT NULL,
                                   status INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
)sql";

using Value = std::variant<std::int64_t, std::string_view, ByteView>;

} // namespace

struct Ledger::State {
    sqlite3* handle = nullptr;

    ~State() { sqlite3_close(handle); }

    [[nodiscard]] tl::unexpected<Error> failure() const
    {
        const int code = sqlite3_errcode(handle) & 0xff;
        const std::string detail = std::string("sqlite: ") + sqlite3_errmsg(handle);
        if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
            return fail(Errc::Invalid, detail, Remedy::CallStaff);
        }
        const bool disk = code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY ||
                          code == SQLITE_CANTOPEN || code == SQLITE_BUSY;
        return fail(disk ? Errc::Busy : Errc::Internal, detail, Remedy::Wait);
    }

    Result<void> execute(const char* sql) const
    {
        return sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK
                   ? Result<void>()
                   : Result<void>(failure());
    }

    using Row = std::vector<std::string>;
    /// The first row of the answer, as text; nothing if there is none.
    Result<std::optional<Row>> run(const char* sql, std::initializer_list<Value> values) const
    {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v2(handle, sql, -1, &prepared, nullptr) != SQLITE_OK) {
            return failure();
        }
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(
            prepared, &sqlite3_finalize);
        int place = 1;
        for (const auto& value : values) {
            bind(prepared, place++, value);
        }
        const int code = sqlite3_step(prepared);
        if (code == SQLITE_DONE) {
            return std::optional<Row>();
        }
        if (code != SQLITE_ROW) {
            return failure();
        }
        Row row;
        for (int column = 0; column < sqlite3_column_count(prepared); ++column) {
            const auto* bytes = sqlite3_column_blob(prepared, column);
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared, column));
            row.emplace_back(bytes == nullptr ? "" : static_cast<const char*>(bytes), size);
        }
        return std::optional(std::move(row));
    }

    static void bind(sqlite3_stmt* statement, int place, const Value& value)
    {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            sqlite3_bind_int64(statement, place, *number);
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            // A null pointer would bind NULL, not the empty text.
            sqlite3_bind_text(statement, place, text->empty() ? "" : text->data(),
                              static_cast<int>(text->size()), SQLITE_TRANSIENT);
        } else {
            const auto& bytes = std::get<ByteView>(value);
            sqlite3_bind_blob(statement, place, bytes.data(), static_cast<int>(bytes.size()),
                              SQLITE_TRANSIENT);
        }
    }
};

namespace {

std::optional<Account> accountOf(const std::optional<std::vector<std::string>>& row)
{
    if (!row) {
        return std::nullopt;
    }
    return Account{row->at(0), row->at(1), row->at(2), row->at(3) == "1"};
}

} // namespace

Ledger::Ledger(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& file)
{
    auto state = std::make_unique<State>();
    const auto mask = umask(0077); // it holds what a bank knows of its customers
    const int code = sqlite3_open_v2(file.c_str(), &state->handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const auto made = code == SQLITE_OK ? state->execute(kSchema) : Result<void>(state->failure());
    umask(mask);
    if (!made) {
        return fail(made.error(), file.string());
    }
    return std::unique_ptr<Ledger>(new Ledger(std::move(state)));
}

Result<void> Ledger::add(const Account& account, const std::string& document)
{
    auto added = m_state->run(
        "INSERT OR IGNORE INTO customers VALUES(?,?,?,?)",
        {account.number, account.name, account.phone, std::int64_t{account.counterOnly ? 1 : 0}});
    if (added) {
        added =
            m_state->run("INSERT OR IGNORE INTO documents VALUES(?,?)", {document, account.number});
    }
    return added ? Result<void>() : tl::unexpected(added.error());
}

Result<std::optional<Account>> Ledger::byDocument(const std::string& document)
{
    const auto row =
        m_state->run("SELECT c.number, c.name, c.phone, c.counter_only FROM customers c"
                     " JOIN documents d ON d.customer = c.number WHERE d.document = ?",
                     {document});
    return row ? Result<std::optional<Account>>(accountOf(*row)) : tl::unexpected(row.error());
}

Result<std::string> Ledger::identify(const Account& account, const std::string& handle)
{
    const auto name = randomUuid();
    auto row = m_state->run("INSERT OR IGNORE INTO identifications VALUES(?,?,?)",
                            {handle, account.number, name});
    if (row) {
        row = m_state->run("SELECT name FROM identifications WHERE handle = ? AND customer = ?",
                           {handle, account.number});
    }
    if (!row) {
        return tl::unexpected(row.error());
    }
    return *row ? Result<std::string>((*row)->at(0))
                : Result<std::string>(fail(Errc::Conflict, "handle: of another customer"));
}

Result<std::optional<Ledger::Identified>> Ledger::identified(const std::string& customer)
{
    const auto row =
        m_state->run("SELECT c.number, c.name, c.phone, c.counter_only, i.handle FROM customers c"
                     " JOIN identifications i ON i.customer = c.number WHERE i.name = ?",
                     {customer});
    if (!row) {
        return tl::unexpected(row.error());
    }
    const auto account = accountOf(*row);
    return account ? std::optional(Identified{*account, (*row)->at(4)}) : std::nullopt;
}

Result<bool> Ledger::store(const EvidenceContent& content)
{
    const auto& [kind, handle] = content.evidence;
    auto row = m_state->run("INSERT OR IGNORE INTO evidence VALUES(?,?,?,?)",
                            {handle, kind, content.mediaType, ByteView(content.data)});
    if (row) {
        row = m_state->run("SELECT kind FROM evidence WHERE handle = ? AND kind = ? AND"
                           " media_type = ? AND data = ?",
                           {handle, kind, content.mediaType, ByteView(content.data)});
    }
    return row ? Result<bool>(row->has_value()) : tl::unexpected(row.error());
}

Result<bool> Ledger::has(const Evidence& evidence)
{
    const auto row = m_state->run("SELECT 1 FROM evidence WHERE handle = ? AND kind = ?",
                                  {evidence.handle, evidence.kind});
    return row ? Result<bool>(row->has_value()) : tl::unexpected(row.error());
}

Result<std::optional<Ledger::Answer>> Ledger::answered(const std::string& key)
{
    const auto row =
        m_state->run("SELECT request_hash, status, body FROM answers WHERE key = ?", {key});
    if (!row) {
        return tl::unexpected(row.error());
    }
    return *row ? std::optional(Answer{(*row)->at(0), std::stoi((*row)->at(1)), (*row)->at(2)})
                : std::nullopt;
}

Result<Ledger::Answer>
Ledger::answer(const std::string& key, const std::string& requestHash,
               const std::optional<Entry>& change,
               const std::function<std::pair<int, std::string>(std::int64_t number)>& made)
{
    if (auto begun = m_state->execute("BEGIN IMMEDIATE"); !begun) {
        return tl::unexpected(begun.error());
    }
    const auto write = [&]() -> Result<Answer> {
        std::int64_t number = 0;
        if (change) {
            auto row = m_state->run("UPDATE customers SET phone = ? WHERE number = ?",
                                    {change->account.phone, change->account.number});
            if (row) {
                row = m_state->run("INSERT INTO changes(customer, phone, at) VALUES(?,?,?)",
                                   {change->account.number, change->account.phone,
                                    std::int64_t{change->at.time_since_epoch().count()}});
            }
            if (!row) {
                return tl::unexpected(row.error());
            }
            number = sqlite3_last_insert_rowid(m_state->handle);
        }
        auto [status, body] = made(number);
        const auto row = m_state->run("INSERT INTO answers VALUES(?,?,?,?)",
                                      {key, requestHash, std::int64_t{status}, body});
        return row ? Result<Answer>(Answer{requestHash, status, std::move(body)})
                   : tl::unexpected(row.error());
    };
    auto answer = write();
    const auto ended = m_state->execute(answer ? "COMMIT" : "ROLLBACK");
    if (answer && !ended) {
        static_cast<void>(m_state->execute("ROLLBACK"));
        return tl::unexpected(ended.error());
    }
    return answer;
}

Result<std::int64_t> Ledger::changes()
{
    const auto row = m_state->run("SELECT count(*) FROM changes", {});
    return row ? Result<std::int64_t>(std::stoll((*row)->at(0))) : tl::unexpected(row.error());
}

} // namespace guichet::bank
