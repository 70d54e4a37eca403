// SPDX-License-Identifier: Apache-2.0
#include "queue/api/staff.h"

#include <array>
#include <semaphore>

#include <argon2.h>

#include "peripherals/base/random.h"
#include "queue/api/tokens.h"

namespace guichet::queue::api {
namespace {

constexpr std::chrono::hours kTokenLife{12};
constexpr std::chrono::seconds kLock{60};
constexpr std::chrono::milliseconds kPatience{250};
constexpr int kMostFailures = 5;
constexpr std::size_t kMostRemembered = 10'000;
constexpr std::ptrdiff_t kMostAtOnce = 2; ///< password checks; each takes a core and 19 MiB

constexpr std::array<std::pair<Role, std::string_view>, 6> kRoles{{
    {Role::Anonymous, "anonymous"},
    {Role::Customer, "customer"},
    {Role::Terminal, "terminal"},
    {Role::Teller, "teller"},
    {Role::Supervisor, "supervisor"},
    {Role::Engineer, "engineer"},
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

Result<std::unique_ptr<Staff>> Staff::open(storage::Store& store, const Clock& clock)
{
    std::unique_ptr<Staff> staff(new Staff(store, clock));
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
        return {};
    });
    if (!done) {
        return fail(std::move(done).error(), "read the staff");
    }
    return staff;
}

Result<void> Staff::add(const std::string& user, Role role, const std::string& password)
{
    const storage::StaffMember member{user, std::string(name(role)), hashPassword(password)};
    auto done = m_store.rewrite(
        [&](storage::Database& database) { return storage::saveStaff(database, member); });
    if (done) {
        const std::lock_guard lock(m_mutex);
        m_members[user] = member;
    }
    return done;
}

Result<Login> Staff::login(const std::string& user, const std::string& password)
{
    // Somebody unknown costs the same time: the answer must not tell who works here.
    static const std::string nobody = hashPassword(randomToken());
    std::string expected = nobody;
    std::string role;
    {
        const std::lock_guard lock(m_mutex);
        const auto failures = m_failures.find(user);
        if (failures != m_failures.end() && m_clock.ticks() < failures->second.lockedUntil) {
            return fail(Errc::Busy, "login: locked after repeated failures", Remedy::Wait);
        }
        if (const auto member = m_members.find(user); member != m_members.end()) {
            expected = member->second.passwordHash;
            role = member->second.role;
        }
    }
    static std::counting_semaphore<kMostAtOnce> checks(kMostAtOnce);
    if (!checks.try_acquire_for(kPatience)) {
        return fail(Errc::Busy, "login: too many at once", Remedy::Retry);
    }
    const bool right =
        argon2id_verify(expected.c_str(), password.data(), password.size()) == ARGON2_OK &&
        !role.empty();
    checks.release();
    if (!right) {
        const std::lock_guard lock(m_mutex);
        if (m_failures.size() >= kMostRemembered) { // locks stay
            std::erase_if(m_failures, [now = m_clock.ticks()](const auto& entry) {
                return entry.second.lockedUntil <= now;
            });
        }
        auto& failures = m_failures[user];
        if (++failures.count >= kMostFailures) {
            failures = {0, m_clock.ticks() + kLock};
        }
        return fail(Errc::Denied, "login: unknown user or wrong password");
    }
    auto token = randomToken();
    const storage::StaffToken kept{tokenHash(token), user, role, m_clock.now() + kTokenLife};
    auto done = m_store.rewrite(
        [&](storage::Database& database) { return storage::saveToken(database, kept); });
    if (!done) {
        return tl::unexpected(done.error());
    }
    const std::lock_guard lock(m_mutex);
    m_failures.erase(user);
    std::erase_if(m_tokens,
                  [now = m_clock.now()](const auto& entry) { return entry.second.expires <= now; });
    m_tokens[kept.hash] = kept;
    return Login{std::move(token), roleFromName(role), kept.expires};
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
