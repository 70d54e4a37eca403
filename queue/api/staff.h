// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "peripherals/base/clock.h"
#include "queue/storage/staff_rows.h"
#include "queue/storage/store.h"

namespace guichet::queue::api {

enum class Role { Anonymous, Customer, Terminal, Teller, Supervisor, Engineer };
[[nodiscard]] std::string_view name(Role role);

struct Caller {
    Role role = Role::Anonymous;
    std::string name = {};
};

struct Login {
    std::string token;
    Role role;
    Instant expires{};
};

/// Who works here: passwords as Argon2id, tokens as SHA-256, both in the store. Thread-safe.
class Staff {
public:
    /// Both must outlive it. Fails as the store does.
    [[nodiscard]] static Result<std::unique_ptr<Staff>> open(storage::Store& store,
                                                             const Clock& clock);

    /// Adds somebody or sets a new password.
    [[nodiscard]] Result<void> add(const std::string& user, Role role, const std::string& password);
    /// A token for twelve hours. Takes some 50 ms on purpose. Fails with Errc::Denied, or with
    /// Errc::Busy: to retry, when too many log in at once; to wait, after five failures in a row,
    /// which lock for a minute, also for the right password.
    [[nodiscard]] Result<Login> login(const std::string& user, const std::string& password);
    [[nodiscard]] std::optional<Caller> find(const std::string& token) const;

private:
    struct Failures {
        int count = 0;
        Ticks lockedUntil{};
    };

    Staff(storage::Store& store, const Clock& clock)
        : m_store(store)
        , m_clock(clock)
    {
    }

    storage::Store& m_store;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::map<std::string, storage::StaffMember> m_members;
    std::map<std::string, storage::StaffToken> m_tokens; ///< by hash
    std::map<std::string, Failures> m_failures;
};

} // namespace guichet::queue::api
