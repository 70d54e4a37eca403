// SPDX-License-Identifier: Apache-2.0
#include "queue/api/terminals.h"

#include <algorithm>

#include "peripherals/base/random.h"
#include "queue/api/tokens.h"
#include "queue/domain/enrol_code.h"

namespace guichet::queue::api {
namespace {

constexpr std::chrono::minutes kCodeLife{15};
constexpr std::chrono::hours kCodeMemory{24}; ///< a used code still says that it was used
constexpr std::chrono::minutes kEnrolmentLock{15};
constexpr int kMostWrong = 5;
constexpr int kMostWrongByAnybody = 20;
constexpr std::size_t kMostNewCodes = 20; ///< per hour
constexpr std::size_t kMostAddresses = 10'000;

using Kind = EnrolRefusal::Kind;

/// What makes two requests for one code the same request.
std::string requester(std::string_view retryKey, const std::string& request)
{
    return retryKey.empty() ? std::string() : tokenHash(std::string(retryKey) + "\n" + request);
}

std::string secretHash(const EnrolCode& code)
{
    return tokenHash(asText(code.secret));
}

} // namespace

Result<std::unique_ptr<Terminals>> Terminals::open(storage::Store& store, const Clock& clock,
                                                   CertificateIssuer& issuer)
{
    std::unique_ptr<Terminals> terminals(new Terminals(store, clock, issuer));
    auto done = store.rewrite([&](storage::Database& database) -> Result<void> {
        auto codes = storage::loadEnrolCodes(database);
        if (!codes) {
            return tl::unexpected(codes.error());
        }
        for (auto& code : *codes) {
            terminals->m_codes[code.hash] = std::move(code);
        }
        auto certificates = storage::loadCertificates(database);
        if (!certificates) {
            return tl::unexpected(certificates.error());
        }
        for (auto& certificate : *certificates) {
            terminals->m_kept[certificate.serial] = certificate.seen;
            terminals->m_certificates[certificate.serial] = std::move(certificate);
        }
        return {};
    });
    if (!done) {
        return fail(std::move(done).error(), "read the terminals");
    }
    return terminals;
}

Result<Terminals::NewCode> Terminals::newCode(const std::string& terminal)
{
    if (!isTerminalName(terminal)) {
        return fail(Errc::Invalid,
                    "a terminal's name has 1 to 48 letters, digits, dots, dashes and underscores");
    }
    const std::lock_guard changing(m_changing);
    const auto ticks = m_clock.ticks();
    const auto& authority = m_issuer.fingerprint();
    const EnrolCode code{randomBytes(EnrolCode::kSecretBytes),
                         {authority.begin(), authority.begin() + EnrolCode::kAuthorityBytes}};
    const auto now = m_clock.now();
    const storage::EnrolCodeRow row{secretHash(code), terminal, now, now + kCodeLife};
    std::vector<std::string> superseded;
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_newCodes, [&](Ticks made) { return made + std::chrono::hours(1) < ticks; });
        if (m_newCodes.size() >= kMostNewCodes) {
            return fail(Errc::Busy, "twenty codes within an hour are enough; wait", Remedy::Wait);
        }
        for (const auto& [hash, earlier] : m_codes) {
            if (earlier.terminal == terminal && earlier.usedBy.empty()) {
                superseded.push_back(hash);
            }
        }
    }
    auto done = m_store.rewrite([&](storage::Database& database) -> Result<void> {
        for (const auto& hash : superseded) {
            if (auto removed = storage::removeEnrolCode(database, hash); !removed) {
                return removed;
            }
        }
        return storage::saveEnrolCode(database, row);
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    const std::lock_guard lock(m_mutex);
    for (const auto& hash : superseded) {
        m_codes.erase(hash);
    }
    m_codes[row.hash] = row;
    m_newCodes.push_back(ticks);
    return NewCode{enrolCodeText(code), row.expires};
}

std::optional<EnrolRefusal> Terminals::locked(const std::string& address) const
{
    const auto now = m_clock.ticks();
    auto until = m_anybody.lockedUntil;
    if (const auto found = m_failures.find(address); found != m_failures.end()) {
        until = std::max(until, found->second.lockedUntil);
    }
    if (until <= now) {
        return std::nullopt;
    }
    return EnrolRefusal{Kind::Locked, std::chrono::ceil<std::chrono::seconds>(until - now)};
}

void Terminals::countFailure(Failures& failures, int most) const
{
    const auto now = m_clock.ticks();
    if (failures.count == 0 || failures.first + kEnrolmentLock < now) {
        failures = {.count = 0, .first = now, .lockedUntil = failures.lockedUntil};
    }
    if (++failures.count >= most) {
        failures = {.count = 0, .first = now, .lockedUntil = now + kEnrolmentLock};
    }
}

EnrolRefusal Terminals::wrongCode(const std::string& address)
{
    if (m_failures.size() >= kMostAddresses) { // locks stay
        std::erase_if(m_failures, [now = m_clock.ticks()](const auto& entry) {
            return entry.second.lockedUntil <= now;
        });
    }
    countFailure(m_failures[address], kMostWrong);
    countFailure(m_anybody, kMostWrongByAnybody);
    return {Kind::WrongCode};
}

Enrolled Terminals::enrolled(const storage::TerminalCertificate& certificate) const
{
    const auto life = certificate.expires - certificate.issued;
    return {certificate.pem, m_issuer.certificate(), certificate.issued + life * 2 / 3};
}

tl::expected<storage::TerminalCertificate, EnrolRefusal>
Terminals::signedFor(const std::string& terminal, const std::string& request) const
{
    auto certificate = m_issuer.issue(terminal, request);
    if (!certificate) {
        return tl::unexpected(EnrolRefusal{
            certificate.error().code == Errc::Invalid ? Kind::BadRequest : Kind::Unavailable});
    }
    return std::move(*certificate);
}

tl::expected<Enrolled, EnrolRefusal> Terminals::enrol(const std::string& code,
                                                      const std::string& request,
                                                      std::string_view retryKey,
                                                      const std::string& address)
{
    const std::lock_guard changing(m_changing);
    const auto now = m_clock.now();
    storage::EnrolCodeRow row;
    std::vector<storage::TerminalCertificate> earlier;
    const auto by = requester(retryKey, request);
    {
        const std::lock_guard lock(m_mutex);
        if (auto refusal = locked(address)) {
            return tl::unexpected(*refusal);
        }
        const auto parsed = parseEnrolCode(code);
        const auto found = parsed ? m_codes.find(secretHash(*parsed)) : m_codes.end();
        if (found == m_codes.end() ||
            (found->second.usedBy.empty() && found->second.expires <= now)) {
            return tl::unexpected(wrongCode(address));
        }
        row = found->second;
        if (!row.usedBy.empty()) {
            const auto given = m_certificates.find(row.serial);
            const bool again = row.usedBy == by && row.expires > now &&
                               given != m_certificates.end() && !given->second.revoked;
            if (!again) {
                return tl::unexpected(EnrolRefusal{Kind::UsedCode});
            }
            return enrolled(given->second);
        }
        for (const auto& [serial, certificate] : m_certificates) {
            if (certificate.terminal == row.terminal && !certificate.revoked) {
                earlier.push_back(certificate);
                earlier.back().revoked = now;
            }
        }
    }
    auto certificate = signedFor(row.terminal, request);
    if (!certificate) {
        return tl::unexpected(certificate.error());
    }
    row.usedBy = by.empty() ? "nobody again" : by;
    row.serial = certificate->serial;
    const auto done = m_store.rewrite([&](storage::Database& database) -> Result<void> {
        for (const auto& ended : earlier) {
            if (auto saved = storage::saveCertificate(database, ended); !saved) {
                return saved;
            }
        }
        if (auto saved = storage::saveCertificate(database, *certificate); !saved) {
            return saved;
        }
        return storage::saveEnrolCode(database, row);
    });
    if (!done) {
        return tl::unexpected(EnrolRefusal{Kind::Unavailable});
    }
    const std::lock_guard lock(m_mutex);
    for (const auto& ended : earlier) {
        m_certificates[ended.serial] = ended;
        closeStreams(ended.serial);
    }
    m_certificates[certificate->serial] = *certificate;
    m_codes[row.hash] = row;
    m_failures.erase(address);
    return enrolled(*certificate);
}

tl::expected<Enrolled, EnrolRefusal> Terminals::renew(const std::string& terminal,
                                                      const std::string& request)
{
    const std::lock_guard changing(m_changing);
    auto certificate = signedFor(terminal, request);
    if (!certificate) {
        return tl::unexpected(certificate.error());
    }
    {
        // Revoked between the check of the request and here: no way back in.
        const std::lock_guard lock(m_mutex);
        const bool any = std::ranges::any_of(m_certificates, [&](const auto& entry) {
            return entry.second.terminal == terminal && !entry.second.revoked;
        });
        if (!any) {
            return tl::unexpected(EnrolRefusal{Kind::WrongCode});
        }
    }
    const auto done = m_store.rewrite([&](storage::Database& database) {
        return storage::saveCertificate(database, *certificate);
    });
    if (!done) {
        return tl::unexpected(EnrolRefusal{Kind::Unavailable});
    }
    const std::lock_guard lock(m_mutex);
    m_certificates[certificate->serial] = *certificate;
    return enrolled(*certificate);
}

Result<void> Terminals::revoke(const std::string& terminal)
{
    const std::lock_guard changing(m_changing);
    const auto now = m_clock.now();
    std::vector<storage::TerminalCertificate> ended;
    std::vector<std::string> codes;
    bool known = false;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [serial, certificate] : m_certificates) {
            if (certificate.terminal == terminal) {
                known = true;
                if (!certificate.revoked) {
                    ended.push_back(certificate);
                    ended.back().revoked = now;
                }
            }
        }
        for (const auto& [hash, code] : m_codes) {
            if (code.terminal == terminal && code.usedBy.empty()) {
                known = true;
                codes.push_back(hash);
            }
        }
    }
    if (!known) {
        return fail(Errc::NotFound, "there is no terminal of that name");
    }
    auto done = m_store.rewrite([&](storage::Database& database) -> Result<void> {
        for (const auto& certificate : ended) {
            if (auto saved = storage::saveCertificate(database, certificate); !saved) {
                return saved;
            }
        }
        for (const auto& hash : codes) {
            if (auto removed = storage::removeEnrolCode(database, hash); !removed) {
                return removed;
            }
        }
        return {};
    });
    if (!done) {
        return done;
    }
    const std::lock_guard lock(m_mutex);
    for (const auto& certificate : ended) {
        m_certificates[certificate.serial] = certificate;
        closeStreams(certificate.serial);
    }
    for (const auto& hash : codes) {
        m_codes.erase(hash);
    }
    return {};
}

std::vector<TerminalEntry> Terminals::list() const
{
    std::map<std::string, TerminalEntry> newest;
    const std::lock_guard lock(m_mutex);
    for (const auto& [serial, certificate] : m_certificates) {
        auto& entry = newest[certificate.terminal];
        const auto seen = std::max(entry.seen, certificate.seen);
        // Of two made at once the one that still holds counts.
        const bool newer = entry.name.empty() || certificate.issued > entry.issued ||
                           (certificate.issued == entry.issued && !certificate.revoked);
        if (newer) {
            entry = {certificate.terminal,
                     certificate.issued,
                     certificate.expires,
                     {},
                     certificate.revoked};
        }
        entry.seen = seen;
    }
    std::vector<TerminalEntry> result;
    result.reserve(newest.size());
    for (auto& [name, entry] : newest) {
        result.push_back(std::move(entry));
    }
    return result;
}

std::vector<std::string> Terminals::certificates(const std::string& terminal) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<const storage::TerminalCertificate*> found;
    for (const auto& [serial, certificate] : m_certificates) {
        if (certificate.terminal == terminal) {
            found.push_back(&certificate);
        }
    }
    std::ranges::stable_sort(found, std::ranges::greater(), &storage::TerminalCertificate::issued);
    std::vector<std::string> pems;
    std::ranges::transform(found, std::back_inserter(pems),
                           [](const auto* certificate) { return certificate->pem; });
    return pems;
}

std::pair<Terminals::Standing, std::string>
Terminals::stand(const net::PeerCertificate& certificate)
{
    const auto now = m_clock.now();
    const std::lock_guard lock(m_mutex);
    const auto found = m_certificates.find(certificate.serial);
    if (found == m_certificates.end() ||
        std::ranges::find(certificate.uris, terminalUri(found->second.terminal)) ==
            certificate.uris.end()) {
        return {Standing::Unknown, {}};
    }
    auto& known = found->second;
    if (known.revoked) {
        return {Standing::Revoked, known.terminal};
    }
    if (known.expires <= now) {
        return {Standing::Expired, known.terminal};
    }
    known.seen = now;
    return {Standing::Good, known.terminal};
}

void Terminals::watch(const std::string& serial, const std::shared_ptr<net::EventStream>& stream)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_streams, [](const auto& entry) { return entry.second.expired(); });
    const auto found = m_certificates.find(serial);
    if (found == m_certificates.end() || found->second.revoked) { // meanwhile
        stream->close();
        return;
    }
    m_streams.emplace(serial, stream);
}

void Terminals::closeStreams(const std::string& serial)
{
    const auto [begin, end] = m_streams.equal_range(serial);
    for (auto at = begin; at != end; ++at) {
        if (const auto stream = at->second.lock()) {
            stream->close();
        }
    }
    m_streams.erase(begin, end);
}

Result<void> Terminals::tidy()
{
    const std::lock_guard changing(m_changing);
    const auto now = m_clock.now();
    std::vector<storage::TerminalCertificate> certificates;
    std::vector<std::string> codes;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [serial, certificate] : m_certificates) {
            if (certificate.expires <= now) {
                closeStreams(serial);
            }
            certificates.push_back(certificate);
        }
        for (const auto& [hash, code] : m_codes) {
            if (code.expires + kCodeMemory <= now) {
                codes.push_back(hash);
            }
        }
    }
    std::erase_if(certificates, [&](const auto& certificate) {
        const auto kept = m_kept.find(certificate.serial);
        return kept != m_kept.end() && kept->second == certificate.seen;
    });
    if (certificates.empty() && codes.empty()) {
        return {};
    }
    auto done = m_store.rewrite([&](storage::Database& database) -> Result<void> {
        for (const auto& certificate : certificates) {
            if (auto saved = storage::saveCertificate(database, certificate); !saved) {
                return saved;
            }
        }
        for (const auto& hash : codes) {
            if (auto removed = storage::removeEnrolCode(database, hash); !removed) {
                return removed;
            }
        }
        return {};
    });
    if (!done) {
        return done;
    }
    for (const auto& certificate : certificates) {
        m_kept[certificate.serial] = certificate.seen;
    }
    const std::lock_guard lock(m_mutex);
    for (const auto& hash : codes) {
        m_codes.erase(hash);
    }
    return {};
}

} // namespace guichet::queue::api
