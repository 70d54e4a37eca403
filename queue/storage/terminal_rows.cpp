// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/terminal_rows.h"

#include "queue/storage/statements.h"

namespace guichet::queue::storage {
namespace {

constexpr std::int64_t kNever = 0;

std::optional<Instant> perhaps(std::int64_t stamped)
{
    return stamped == kNever ? std::nullopt : std::optional(instant(stamped));
}

std::int64_t stampOrNever(const std::optional<Instant>& value)
{
    return value ? stamp(*value) : kNever;
}

} // namespace

Result<std::vector<EnrolCodeRow>> loadEnrolCodes(Database& database)
{
    return select<EnrolCodeRow>(
        database,
        "SELECT code_hash, terminal, created_at, expires_at, used_by, serial FROM enrol_codes",
        [](const Statement& row) {
            return EnrolCodeRow{
                row.text(0), row.text(1), instant(row.integer(2)), instant(row.integer(3)),
                row.text(4), row.text(5)};
        });
}

Result<void> saveEnrolCode(Database& database, const EnrolCodeRow& code)
{
    if (auto done = removeEnrolCode(database, code.hash); !done) {
        return done;
    }
    return change(database, "INSERT INTO enrol_codes VALUES (?,?,?,?,?,?)", [&](Statement& row) {
        row.bind(code.hash).bind(code.terminal).bind(stamp(code.created));
        row.bind(stamp(code.expires)).bind(code.usedBy).bind(code.serial);
    });
}

Result<void> removeEnrolCode(Database& database, const std::string& hash)
{
    return change(database, "DELETE FROM enrol_codes WHERE code_hash=?",
                  [&](Statement& row) { row.bind(hash); });
}

Result<std::vector<TerminalCertificate>> loadCertificates(Database& database)
{
    return select<TerminalCertificate>(
        database,
        "SELECT serial, terminal, certificate, issued_at, expires_at, revoked_at, seen_at "
        "FROM terminal_certificates",
        [](const Statement& row) {
            return TerminalCertificate{row.text(0),
                                       row.text(1),
                                       row.text(2),
                                       instant(row.integer(3)),
                                       instant(row.integer(4)),
                                       perhaps(row.integer(5)),
                                       perhaps(row.integer(6))};
        });
}

Result<void> saveCertificate(Database& database, const TerminalCertificate& certificate)
{
    auto done = change(database, "DELETE FROM terminal_certificates WHERE serial=?",
                       [&](Statement& row) { row.bind(certificate.serial); });
    if (!done) {
        return done;
    }
    return change(database, "INSERT INTO terminal_certificates VALUES (?,?,?,?,?,?,?)",
                  [&](Statement& row) {
                      row.bind(certificate.serial).bind(certificate.terminal).bind(certificate.pem);
                      row.bind(stamp(certificate.issued)).bind(stamp(certificate.expires));
                      row.bind(stampOrNever(certificate.revoked));
                      row.bind(stampOrNever(certificate.seen));
                  });
}

} // namespace guichet::queue::storage
