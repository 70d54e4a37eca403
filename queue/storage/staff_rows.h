// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

namespace guichet::queue::storage {

struct StaffMember {
    std::string name;
    std::string role;
    std::string passwordHash;    ///< Argon2id in PHC form
    std::string totpSecret = {}; ///< base32; empty: no second factor
    std::int64_t totpStep = 0;   ///< time step of the code that was used last
};
struct StaffToken {
    std::string hash; ///< SHA-256 of the token, hexadecimal
    std::string name;
    std::string role;
    Instant expires{};
};
struct StaffLock {
    std::string name;
    Instant until{};
};

/// To be called inside Store::rewrite. All fail as the statements they run.
[[nodiscard]] Result<std::vector<StaffMember>> loadStaff(Database& database);
/// Adds the member or replaces the one of that name.
[[nodiscard]] Result<void> saveStaff(Database& database, const StaffMember& member);
/// Forgets what has expired, then gives what is left.
[[nodiscard]] Result<std::vector<StaffToken>> loadTokens(Database& database, Instant now);
[[nodiscard]] Result<void> saveToken(Database& database, const StaffToken& token);
[[nodiscard]] Result<void> removeTokensOf(Database& database, const std::string& name);
/// Forgets what is over, then gives what is left.
[[nodiscard]] Result<std::vector<StaffLock>> loadLocks(Database& database, Instant now);
[[nodiscard]] Result<void> saveLock(Database& database, const StaffLock& lock);

} // namespace guichet::queue::storage
