// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

/// A code that lets one terminal in, once.
struct EnrolCodeRow {
    std::string hash; ///< SHA-256 of its secret, hexadecimal
    std::string terminal;
    Instant created{};
    Instant expires{};
    std::string usedBy = {}; ///< hash of the request that used it; empty: nobody has
    std::string serial = {}; ///< of the certificate that it gave
};

/// A certificate that the outlet's authority gave a terminal.
struct TerminalCertificate {
    std::string serial; ///< upper-case hexadecimal
    std::string terminal;
    std::string pem;
    Instant issued{};
    Instant expires{};
    std::optional<Instant> revoked = {};
    std::optional<Instant> seen = {}; ///< when a request with it came last
};

/// To be called inside Store::rewrite. All fail as the statements they run.
[[nodiscard]] Result<std::vector<EnrolCodeRow>> loadEnrolCodes(Database& database);
/// Adds the code or replaces the one of that hash.
[[nodiscard]] Result<void> saveEnrolCode(Database& database, const EnrolCodeRow& code);
[[nodiscard]] Result<void> removeEnrolCode(Database& database, const std::string& hash);
[[nodiscard]] Result<std::vector<TerminalCertificate>> loadCertificates(Database& database);
/// Adds the certificate or replaces the one of that serial number.
[[nodiscard]] Result<void> saveCertificate(Database& database,
                                           const TerminalCertificate& certificate);

} // namespace guichet::queue::storage
