// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/base/cipher.h"
#include "peripherals/base/clock.h"
#include "queue/storage/database.h"

namespace guichet::hub {

/// One thing that was said or done in a case.
struct CaseEntry {
    std::uint64_t number = 0; ///< dense within the case
    Instant at{};
    std::string by = {};   ///< "terminal", or the seat
    std::string type = {}; ///< of the signal: "chat", "request" ...
    nlohmann::json body = {};
};

/// What a case is about (who, what, where it stopped) and what was said in it. Encrypted in the
/// store, each record bound to its case and number; the key is a file of the hub. Not thread-safe;
/// what writes does so inside Store::rewrite and is kept in memory only by keep().
class CaseBook {
public:
    CaseBook(std::string branch, cipher::Key key)
        : m_branch(std::move(branch))
        , m_key(std::move(key))
    {
    }

    /// Reads a case that may be there; nothing if it is not. Fails as the store does, or with
    /// Errc::Denied (another key, or changed).
    struct Case {
        nlohmann::json content = nlohmann::json::object();
        std::vector<CaseEntry> entries = {};
    };
    [[nodiscard]] Result<std::optional<Case>> load(queue::storage::Database& database,
                                                   const std::string& id) const;
    [[nodiscard]] Result<void> write(queue::storage::Database& database, const std::string& id,
                                     const nlohmann::json& content, Instant at) const;
    [[nodiscard]] Result<void> write(queue::storage::Database& database, const std::string& id,
                                     const CaseEntry& entry) const;
    /// Wipes what was last written before `limit`, open cases apart.
    [[nodiscard]] Result<void> wipe(queue::storage::Database& database, Instant limit) const;

private:
    [[nodiscard]] Result<std::string> seal(const std::string& place, const std::string& text) const;
    [[nodiscard]] Result<nlohmann::json> open(const std::string& place,
                                              const std::string& sealed) const;

    std::string m_branch;
    cipher::Key m_key;
};

/// Reads the key of cases from a file that only its owner can read, or makes it. Fails with
/// Errc::Busy (cannot write) or Invalid (not a key).
[[nodiscard]] Result<cipher::Key> caseKey(const std::filesystem::path& file);

} // namespace guichet::hub
