// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/clock.h"
#include "queue/storage/staff_rows.h"
#include "queue/storage/store.h"

namespace guichet::queue::api {

/// Agent: a member of remote staff. Auditor: looks at the evidence of cases, and at nothing else.
enum class Role { Anonymous, Customer, Terminal, Teller, Supervisor, Engineer, Agent, Auditor };
[[nodiscard]] std::string_view name(Role role);
/// One that a person at work can have: teller, supervisor, engineer, agent, auditor.
[[nodiscard]] std::optional<Role> staffRole(std::string_view text);

struct Caller {
    Role role = Role::Anonymous;
    std::string name = {};
};

struct Login {
    std::string token;
    Role role;
    Instant expires{};
};

struct LoginRefusal {
    enum class Kind {
        Wrong,         ///< name, password or code
        CodeNeeded,    ///< right so far, but a second factor is wanted
        FactorMissing, ///< right so far, but the role wants a second factor that is not set up
        Locked,
        TooMany, ///< at once
        Unavailable,
    };
    Kind kind;
    std::chrono::seconds wait{0}; ///< while Locked
};

struct Member {
    std::string name;
    Role role = Role::Anonymous;
    bool secondFactor = false;
};

/// Who works here: passwords as Argon2id, tokens as SHA-256, both in the store. Thread-safe.
class Staff {
public:
    /// `twoFactors`: roles that need a second factor. Both references must outlive it. Fails as the
    /// store does.
    [[nodiscard]] static Result<std::unique_ptr<Staff>>
    open(storage::Store& store, const Clock& clock, std::set<Role> twoFactors = {});

    /// Adds somebody or sets a new password; the second factor stays as it is.
    [[nodiscard]] Result<void> add(const std::string& user, Role role, const std::string& password);
    /// A new password for somebody, whose tokens and lock end. Fails with Errc::NotFound.
    [[nodiscard]] Result<void> setPassword(const std::string& user, const std::string& password);
    /// A new secret for the second factor, whose owner logs in again. Fails with Errc::NotFound.
    [[nodiscard]] Result<std::string> newSecondFactor(const std::string& user);
    /// Sorted by name.
    [[nodiscard]] std::vector<Member> list() const;

    /// A token for twelve hours. Takes some 50 ms on purpose. Five failures in a row lock for a
    /// minute, also for the right password and also over a restart. `code` is of the second factor.
    [[nodiscard]] tl::expected<Login, LoginRefusal>
    login(const std::string& user, const std::string& password, const std::string& code = {});
    [[nodiscard]] std::optional<Caller> find(const std::string& token) const;

private:
    struct Failures {
        int count = 0;
        Ticks lockedUntil{};
    };

    Staff(storage::Store& store, const Clock& clock, std::set<Role> twoFactors)
        : m_store(store)
        , m_clock(clock)
        , m_twoFactors(std::move(twoFactors))
    {
    }
    [[nodiscard]] std::optional<storage::StaffMember> member(const std::string& user) const;
    [[nodiscard]] std::optional<LoginRefusal> locked(const std::string& user) const;
    LoginRefusal countFailure(const std::string& user);
    [[nodiscard]] std::optional<LoginRefusal> checkCode(const std::string& user,
                                                        const std::string& code);
    [[nodiscard]] tl::expected<Login, LoginRefusal> welcome(const std::string& user);
    [[nodiscard]] Result<void> replace(const storage::StaffMember& changed);

    storage::Store& m_store;
    const Clock& m_clock;
    const std::set<Role> m_twoFactors;
    mutable std::mutex m_mutex;
    std::map<std::string, storage::StaffMember> m_members;
    std::map<std::string, storage::StaffToken> m_tokens; ///< by hash
    std::map<std::string, Failures> m_failures;
};

} // namespace guichet::queue::api
