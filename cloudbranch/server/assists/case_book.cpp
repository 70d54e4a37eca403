// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/case_book.h"

#include "peripherals/base/private_file.h"
#include "peripherals/base/random.h"
#include "queue/storage/statements.h"

namespace guichet::hub {

using nlohmann::json;
using queue::storage::change;
using queue::storage::Database;
using queue::storage::each;
using queue::storage::instant;
using queue::storage::stamp;
using queue::storage::Statement;

namespace {

std::string placeOf(const std::string& branch, const std::string& id, std::uint64_t number)
{
    return "guichet-case 1 intl\n" + branch + "\n" + id + "\n" + std::to_string(number);
}

} // namespace

Result<std::string> CaseBook::seal(const std::string& place, const std::string& text) const
{
    auto record = randomBytes(cipher::kNonce);
    return cipher::encrypt(m_key, record, asBytes(place), asBytes(text))
        .map([&record](const Bytes& sealed) {
            record.insert(record.end(), sealed.begin(), sealed.end());
            return toBase64(record);
        });
}

Result<json> CaseBook::open(const std::string& place, const std::string& sealed) const
{
    const auto record = fromBase64(sealed);
    if (!record || record->size() < cipher::kNonce) {
        return fail(Errc::Denied, "case: a record is not what was written");
    }
    const ByteView bytes(*record);
    return cipher::decrypt(m_key, bytes.first(cipher::kNonce), asBytes(place),
                           bytes.subspan(cipher::kNonce))
        .map([](const Secret<Bytes>& plain) {
            return json::parse(asText(plain.reveal()), nullptr, false);
        });
}

/// Entries are numbered from 1; 0 is what the case is about.
Result<std::optional<CaseBook::Case>> CaseBook::load(Database& database,
                                                     const std::string& id) const
{
    auto statement = database.prepare("SELECT number, recorded_at, sealed FROM assist_cases "
                                      "WHERE branch=? AND case_id=? ORDER BY number");
    if (!statement) {
        return tl::unexpected(statement.error());
    }
    (*statement)->bind(m_branch).bind(id);
    std::optional<Case> found;
    Result<void> sound;
    const auto done = each(**statement, [&](const Statement& row) {
        const auto number = static_cast<std::uint64_t>(row.integer(0));
        const auto record = open(placeOf(m_branch, id, number), row.text(2));
        if (!record) {
            sound = tl::unexpected(record.error());
            return;
        }
        if (!found) {
            found.emplace();
        }
        if (number == 0) {
            found->content = *record;
        } else {
            found->entries.push_back({number, instant(row.integer(1)), record->value("by", ""),
                                      record->value("type", ""),
                                      record->value("body", json::object())});
        }
    });
    if (!done || !sound) {
        return tl::unexpected(done ? sound.error() : done.error());
    }
    return found;
}

Result<void> CaseBook::write(Database& database, const std::string& id, const json& content,
                             Instant at) const
{
    return seal(placeOf(m_branch, id, 0), content.dump()).and_then([&](const std::string& sealed) {
        return change(
            database,
            "INSERT INTO assist_cases VALUES (?,?,0,?,?) "
            "ON CONFLICT (branch, case_id, number) DO UPDATE SET "
            "recorded_at=excluded.recorded_at, sealed=excluded.sealed",
            [&](Statement& row) { row.bind(m_branch).bind(id).bind(stamp(at)).bind(sealed); });
    });
}

Result<void> CaseBook::write(Database& database, const std::string& id,
                             const CaseEntry& entry) const
{
    const json record{{"by", entry.by}, {"type", entry.type}, {"body", entry.body}};
    return seal(placeOf(m_branch, id, entry.number), record.dump())
        .and_then([&](const std::string& sealed) {
            return change(database, "INSERT INTO assist_cases VALUES (?,?,?,?,?)",
                          [&](Statement& row) {
                              row.bind(m_branch).bind(id);
                              row.bind(static_cast<std::int64_t>(entry.number));
                              row.bind(stamp(entry.at)).bind(sealed);
                          });
        });
}

Result<void> CaseBook::wipe(Database& database, Instant limit) const
{
    return change(database,
                  "DELETE FROM assist_cases WHERE branch=? AND case_id NOT IN "
                  "(SELECT case_id FROM assists WHERE assists.branch=assist_cases.branch AND "
                  "(state<>'closed' OR changed_at>=?))",
                  [&](Statement& row) { row.bind(m_branch).bind(stamp(limit)); });
}

Result<cipher::Key> caseKey(const std::filesystem::path& file)
{
    auto text = readPrivateFile(file);
    if (!text && text.error().code == Errc::NotFound) {
        text = toHex(cipher::newKey().reveal());
        if (auto written = writePrivateFile(file, *text); !written) {
            return tl::unexpected(written.error());
        }
    }
    if (!text) {
        return tl::unexpected(text.error());
    }
    auto key = fromHex(*text);
    if (!key || key->size() != cipher::kKey) {
        return fail(Errc::Invalid, file.string() + ": not a key of cases");
    }
    return cipher::Key(std::move(*key));
}

} // namespace guichet::hub
