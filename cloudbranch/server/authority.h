// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cloudbranch/server/certificate_request.h"
#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"
#include "queue/api/terminals.h"

struct x509_st;

namespace guichet::hub {

/// The outlet's own certificate authority: X.509v3 on P-256 with SHA-256 (RFC 5280). It lives in
/// one folder: `authority.pem` (its certificate, ten years), `authority.key` (PKCS#8), `server.pem`
/// (the hub's key and certificate, and the authority's), each readable by its owner only.
/// Thread-safe.
class Authority final : public queue::api::CertificateIssuer {
public:
    /// Makes the authority of an outlet. Fails with Errc::Conflict (there is one), Busy (disk).
    [[nodiscard]] static Result<void> create(const std::filesystem::path& folder,
                                             const std::string& outlet, Instant now);
    /// The clock must outlive it. Fails with Errc::NotFound, Busy or Invalid (damaged, key of
    /// another certificate).
    [[nodiscard]] static Result<std::unique_ptr<Authority>>
    open(const std::filesystem::path& folder, const Clock& clock);
    ~Authority() override;
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    /// For ninety days; CN and the URI urn:guichet:terminal:NAME are the name given here.
    [[nodiscard]] Result<queue::storage::TerminalCertificate>
    issue(const std::string& terminal, std::string_view request) override;
    [[nodiscard]] const std::string& certificate() const override { return m_pem; }
    [[nodiscard]] const Bytes& fingerprint() const override { return m_fingerprint; }

    /// Sees that the hub's certificate is for these names and addresses and has thirty days left,
    /// and makes a new key and certificate if not. True: it did. Fails with Errc::Busy (disk).
    [[nodiscard]] Result<bool> renewServer(const std::vector<std::string>& names);
    [[nodiscard]] std::filesystem::path serverFile() const { return m_folder / "server.pem"; }
    [[nodiscard]] std::filesystem::path certificateFile() const
    {
        return m_folder / "authority.pem";
    }

private:
    Authority(std::filesystem::path folder, const Clock& clock)
        : m_folder(std::move(folder))
        , m_clock(clock)
    {
    }
    [[nodiscard]] bool serverIsGood(const std::vector<std::string>& names) const;

    const std::filesystem::path m_folder;
    const Clock& m_clock;
    std::mutex m_mutex; ///< of the server's files
    KeyHandle m_key;
    x509_st* m_certificate = nullptr;
    std::string m_pem;
    Bytes m_fingerprint;
};

/// What a hub is called if nobody says otherwise: this machine's name, localhost, 127.0.0.1, ::1.
[[nodiscard]] std::vector<std::string> usualServerNames();

} // namespace guichet::hub
