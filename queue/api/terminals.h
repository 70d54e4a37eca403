// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"
#include "peripherals/net/server.h"
#include "queue/storage/store.h"
#include "queue/storage/terminal_rows.h"

namespace guichet::queue::api {

/// Signs the terminals' certificates. Thread-safe.
class CertificateIssuer {
public:
    virtual ~CertificateIssuer() = default;
    /// A certificate for `terminal` and the key in the PKCS#10 request (PEM), of which nothing else
    /// is believed. Fails with Errc::Invalid (not such a request).
    [[nodiscard]] virtual Result<storage::TerminalCertificate> issue(const std::string& terminal,
                                                                     std::string_view request) = 0;
    /// The authority's own certificate, PEM.
    [[nodiscard]] virtual const std::string& certificate() const = 0;
    /// SHA-256 of that certificate (DER).
    [[nodiscard]] virtual const Bytes& fingerprint() const = 0;
};

/// What a terminal gets for its code or its old certificate.
struct Enrolled {
    std::string certificate; ///< PEM, as the next
    std::string authority;
    Instant renewAfter{}; ///< two thirds of its life
};

struct EnrolRefusal {
    enum class Kind { WrongCode, UsedCode, Locked, BadRequest, Unavailable };
    Kind kind;
    std::chrono::seconds wait{0}; ///< while Locked
};

/// One terminal as the supervisor sees it: its newest certificate.
struct TerminalEntry {
    std::string name;
    Instant issued{};
    Instant expires{};
    std::optional<Instant> seen;
    std::optional<Instant> revoked;
};

/// Which terminals the outlet has: one-time codes, certificates, revocations; all of it in the
/// store, the certificates in memory too, so that each request is checked. Thread-safe; what it is
/// given must outlive it.
class Terminals {
public:
    /// Fails as the store does.
    [[nodiscard]] static Result<std::unique_ptr<Terminals>>
    open(storage::Store& store, const Clock& clock, CertificateIssuer& issuer);

    struct NewCode {
        std::string text;
        Instant expires{};
    };
    /// A code for a quarter of an hour, which ends the name's earlier ones. Fails with
    /// Errc::Invalid (name), Busy (twenty within the hour; storage).
    [[nodiscard]] Result<NewCode> newCode(const std::string& terminal);

    /// The certificate for a code, which is then used up and ends the name's earlier certificates.
    /// The same code with the same key and `retryKey` (not empty) gives the same certificate again:
    /// the first answer may be lost. Five wrong codes lock an address for a quarter of an hour,
    /// twenty from anywhere lock everybody.
    [[nodiscard]] tl::expected<Enrolled, EnrolRefusal> enrol(const std::string& code,
                                                             const std::string& request,
                                                             std::string_view retryKey,
                                                             const std::string& address);
    /// A further certificate; the present one stays good until its end.
    [[nodiscard]] tl::expected<Enrolled, EnrolRefusal> renew(const std::string& terminal,
                                                             const std::string& request);
    /// Ends every certificate and code of a name at once, and closes their streams. Fails with
    /// Errc::NotFound, or as the store does.
    [[nodiscard]] Result<void> revoke(const std::string& terminal);
    /// Sorted by name.
    [[nodiscard]] std::vector<TerminalEntry> list() const;

    /// All certificates that a name ever had, PEM, the newest first.
    [[nodiscard]] std::vector<std::string> certificates(const std::string& terminal) const;

    enum class Standing { Good, Unknown, Revoked, Expired };
    /// Who holds a certificate of our authority, as of now.
    [[nodiscard]] std::pair<Standing, std::string> stand(const net::PeerCertificate& certificate);
    /// The stream is closed when the certificate's standing ends.
    void watch(const std::string& serial, const std::shared_ptr<net::EventStream>& stream);
    /// To be called now and then: closes the streams of expired certificates, keeps when each
    /// terminal was seen, forgets old codes. Fails as the store does.
    [[nodiscard]] Result<void> tidy();

private:
    struct Failures {
        int count = 0;
        Ticks first{};
        Ticks lockedUntil{};
    };

    Terminals(storage::Store& store, const Clock& clock, CertificateIssuer& issuer)
        : m_store(store)
        , m_clock(clock)
        , m_issuer(issuer)
    {
    }
    [[nodiscard]] std::optional<EnrolRefusal> locked(const std::string& address) const;
    void countFailure(Failures& failures, int most) const;
    EnrolRefusal wrongCode(const std::string& address);
    [[nodiscard]] Enrolled enrolled(const storage::TerminalCertificate& certificate) const;
    [[nodiscard]] tl::expected<storage::TerminalCertificate, EnrolRefusal>
    signedFor(const std::string& terminal, const std::string& request) const;
    void closeStreams(const std::string& serial);

    storage::Store& m_store;
    const Clock& m_clock;
    CertificateIssuer& m_issuer;

    std::mutex m_changing; ///< one change of codes or certificates at a time; taken first
    std::map<std::string, std::optional<Instant>> m_kept; ///< last sight in the store, by serial
    mutable std::mutex m_mutex;
    std::map<std::string, storage::EnrolCodeRow> m_codes;               ///< by hash
    std::map<std::string, storage::TerminalCertificate> m_certificates; ///< by serial number
    std::map<std::string, Failures> m_failures;                         ///< by address
    Failures m_anybody;
    std::deque<Ticks> m_newCodes;
    std::multimap<std::string, std::weak_ptr<net::EventStream>> m_streams; ///< by serial number
};

} // namespace guichet::queue::api
