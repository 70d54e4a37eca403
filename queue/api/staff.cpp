// SPDX-License-Identifier: Apache-2.0
#include "queue/api/staff.h"

#include <algorithm>
#include <array>
#include <semaphore>

#include <argon2.h>

#include "peripherals/base/random.h"
#include "queue/api/tokens.h"
#include "queue/api/totp.h"

namespace guichet::queue::api {
namespace {

constexpr std::chrono::hours kTokenLife{12};
constexpr std::chrono::seconds kSignInLock{60};
constexpr std::chrono::milliseconds kPatience{250};
constexpr int kMostFailures = 5;
constexpr std::size_t kMostRemembered = 10'000;
constexpr std::ptrdiff_t kMostAtOnce = 2; ///< password checks; each takes a core and 19 MiB

constexpr std::array<std::pair<Role, std::string_view>, 8> kRoles{{
    {Role::Anonymous, "anonymous"},
    {Role::Customer, "customer"},
    {Role::Terminal, "terminal"},
    {Role::Teller, "teller"},
    {Role::Supervisor, "supervisor"},
    {Role::Engineer, "engineer"},
    {Role::Agent, "agent"},
    {Role::Auditor, "auditor"},
}};

Role roleFromName(std::string_view text)
{
    for (const auto& [role, word] : kRoles) {
        if (word == text) {
            return role;
        }
    }
    return Role::Anonymous;
}

std::string hashPassword(const std::string& password)
{
    const auto salt = randomBytes(16);
    std::array<char, 128> encoded{};
    argon2id_hash_encoded(2, 19 * 1024, 1, password.data(), password.size(), salt.data(),
                          salt.size(), 32, encoded.data(), encoded.size());
    return encoded.data();
}

} // namespace

std::string_view name(Role role)
{
    return kRoles.at(static_cast<std::size_t>(role)).second;
}

std::optional<Role> staffRole(std::string_view text)
{
    const auto role = roleFromName(text);
    const bool works = role == Role::Teller || role == Role::Supervisor || role == Role::Engineer ||
                       role == Role::Agent || role == Role::Auditor;
    return works ? std::optional(role) : std::nullopt;
}

Result<std::unique_ptr<Staff>> Staff::open(storage::Store& store, const Clock& clock,
                                           std::set<Role> twoFactors)
{
    std::unique_ptr<Staff> staff(new Staff(store, clock, std::move(twoFactors)));
    auto done = store.rewrite([&](storage::Database& database) -> Result<void> {
        auto members = storage::loadStaff(database);
        if (!members) {
            return tl::unexpected(members.error());
        }
        for (auto& member : *members) {
            staff->m_members[member.name] = std::move(member);
        }
        auto tokens = storage::loadTokens(database, clock.now());
        if (!tokens) {
            return tl::unexpected(tokens.error());
        }
        for (auto& token : *tokens) {
            staff->m_tokens[token.hash] = std::move(token);
        }
        auto locks = storage::loadLocks(database, clock.now());
        if (!locks) {
            return tl::unexpected(locks.error());
        }
        for (const auto& lock : *locks) {
            const std::chrono::milliseconds left = lock.until - clock.now();
            staff->m_failures[lock.name] = {
                0, clock.ticks() + std::min<std::chrono::milliseconds>(left, kSignInLock)};
        }
        return {};
    });
    if (!done) {
        return fail(std::move(done).error(), "read the staff");
    }
    return staff;
}

std::optional<storage::StaffMember> Staff::member(const std::string& user) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_members.find(user);
    return found == m_members.end() ? std::nullopt : std::optional(found->second);
}

Result<void> Staff::replace(const storage::StaffMember& changed)
{
    auto done = m_store.rewrite([&](storage::Database& database) -> Result<void> {
        if (auto saved = storage::saveStaff(database, changed); !saved) {
            return saved;
        }
        return storage::removeTokensOf(database, changed.name);
    });
    if (done) {
        const std::lock_guard lock(m_mutex);
        m_members[changed.name] = changed;
        std::erase_if(m_tokens,
                      [&](const auto& entry) { return entry.second.name == changed.name; });
    }
    return done;
}

Result<void> Staff::add(const std::string& user, Role role, const std::string& password)
{
    auto changed = member(user).value_or(storage::StaffMember{});
    changed.name = user;
    changed.role = name(role);
    changed.passwordHash = hashPassword(password);
    auto done = m_store.rewrite(
        [&](storage::Database& database) { return storage::saveStaff(database, changed); });
    if (done) {
        const std::lock_guard lock(m_mutex);
        m_members[user] = changed;
    }
    return done;
}

Result<void> Staff::setPassword(const std::string& user, const std::string& password)
{
    auto changed = member(user);
    if (!changed) {
        return fail(Errc::NotFound, "nobody of that name works here");
    }
    changed->passwordHash = hashPassword(password);
    auto done = replace(*changed);
    if (done) {
        const std::lock_guard lock(m_mutex);
        m_failures.erase(user);
    }
    return done;
}

Result<std::string> Staff::newSecondFactor(const std::string& user)
{
    auto changed = member(user);
    if (!changed) {
        return fail(Errc::NotFound, "nobody of that name works here");
    }
    changed->totpSecret = totpSecret();
    changed->totpStep = 0;
    if (auto done = replace(*changed); !done) {
        return tl::unexpected(done.error());
    }
    return changed->totpSecret;
}

std::vector<Member> Staff::list() const
{
    std::vector<Member> result;
    const std::lock_guard lock(m_mutex);
    for (const auto& [user, member] : m_members) {
        result.push_back({user, roleFromName(member.role), !member.totpSecret.empty()});
    }
    return result;
}

std::optional<LoginRefusal> Staff::locked(const std::string& user) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_failures.find(user);
    const auto now = m_clock.ticks();
    if (found == m_failures.end() || found->second.lockedUntil <= now) {
        return std::nullopt;
    }
    return LoginRefusal{LoginRefusal::Kind::Locked,
                        std::chrono::ceil<std::chrono::seconds>(found->second.lockedUntil - now)};
}

LoginRefusal Staff::countFailure(const std::string& user)
{
    bool locks = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_failures.size() >= kMostRemembered) { // locks stay
            std::erase_if(m_failures, [now = m_clock.ticks()](const auto& entry) {
                return entry.second.lockedUntil <= now;
            });
        }
        auto& failures = m_failures[user];
        if (++failures.count >= kMostFailures) {
            failures = {0, m_clock.ticks() + kSignInLock};
            locks = true;
        }
    }
    if (locks) { // a store that cannot be written costs the memory over a restart, no more
        static_cast<void>(m_store.rewrite([&](storage::Database& database) {
            return storage::saveLock(database, {user, m_clock.now() + kSignInLock});
        }));
    }
    return {LoginRefusal::Kind::Wrong};
}

std::optional<LoginRefusal> Staff::checkCode(const std::string& user, const std::string& code)
{
    const auto known = member(user);
    if (!known) {
        return LoginRefusal{LoginRefusal::Kind::Wrong};
    }
    if (known->totpSecret.empty()) {
        return m_twoFactors.contains(roleFromName(known->role))
                   ? std::optional(LoginRefusal{LoginRefusal::Kind::FactorMissing})
                   : std::nullopt;
    }
    if (code.empty()) {
        return LoginRefusal{LoginRefusal::Kind::CodeNeeded};
    }
    storage::StaffMember changed;
    bool right = false;
    {
        // Used in memory first: of two logins with one code only one gets in.
        const std::lock_guard lock(m_mutex);
        auto& kept = m_members[user];
        if (const auto step = acceptedStep(kept.totpSecret, code, m_clock.now(), kept.totpStep)) {
            kept.totpStep = *step;
            right = true;
        }
        changed = kept;
    }
    if (!right) {
        return countFailure(user);
    }
    const auto done = m_store.rewrite(
        [&](storage::Database& database) { return storage::saveStaff(database, changed); });
    return done ? std::nullopt : std::optional(LoginRefusal{LoginRefusal::Kind::Unavailable});
}

tl::expected<Login, LoginRefusal> Staff::login(const std::string& user, const std::string& password,
                                               const std::string& code)
{
    // Somebody unknown costs the same time: the answer must not tell who works here.
    static const std::string nobody = hashPassword(randomToken());
    if (auto refusal = locked(user)) {
        return tl::unexpected(*refusal);
    }
    const auto known = member(user);
    const auto& expected = known ? known->passwordHash : nobody;
    static std::counting_semaphore<kMostAtOnce> checks(kMostAtOnce);
    if (!checks.try_acquire_for(kPatience)) {
        return tl::unexpected(LoginRefusal{LoginRefusal::Kind::TooMany});
    }
    const bool right =
        argon2id_verify(expected.c_str(), password.data(), password.size()) == ARGON2_OK && known;
    checks.release();
    if (!right) {
        return tl::unexpected(countFailure(user));
    }
    if (auto refusal = checkCode(user, code)) {
        return tl::unexpected(*refusal);
    }
    return welcome(user);
}

tl::expected<Login, LoginRefusal> Staff::welcome(const std::string& user)
{
    const auto known = member(user);
    auto token = randomToken();
    const storage::StaffToken kept{tokenHash(token), user, known ? known->role : "",
                                   m_clock.now() + kTokenLife};
    const auto done = m_store.rewrite(
        [&](storage::Database& database) { return storage::saveToken(database, kept); });
    if (!done) {
        return tl::unexpected(LoginRefusal{LoginRefusal::Kind::Unavailable});
    }
    const std::lock_guard lock(m_mutex);
    m_failures.erase(user);
    std::erase_if(m_tokens,
                  [now = m_clock.now()](const auto& entry) { return entry.second.expires <= now; });
    m_tokens[kept.hash] = kept;
    return Login{std::move(token), roleFromName(kept.role), kept.expires};
}

std::optional<Caller> Staff::find(const std::string& token) const
{
    const auto hash = tokenHash(token);
    const std::lock_guard lock(m_mutex);
    const auto found = m_tokens.find(hash);
    if (found == m_tokens.end() || found->second.expires <= m_clock.now()) {
        return std::nullopt;
    }
    return Caller{roleFromName(found->second.role), found->second.name};
}

} // namespace guichet::queue::api
