// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "peripherals/base/bytes.h"

struct x509_store_st;

namespace guichet::mrtd {

/// The country signing certificates that the operator trusts (Doc 9303-12). None come with the
/// program. Thread: may be read by many once it is made.
class CountrySigners {
public:
    CountrySigners();
    ~CountrySigners();
    CountrySigners(CountrySigners&&) noexcept;
    CountrySigners& operator=(CountrySigners&&) noexcept;

    /// Certificates (.der .cer .crt .pem), master lists (.ml .mls) and lists of withdrawn
    /// certificates
    /// (.crl) of a folder, in this order. A file that is none is passed over and named in
    /// refused(). Errc::NotFound: no such folder.
    [[nodiscard]] static Result<CountrySigners> load(const std::filesystem::path& folder);

    /// DER or PEM. Errc::Invalid: neither, or no certificate that may sign others.
    [[nodiscard]] Result<void> addCertificate(ByteView bytes);
    /// All certificates of a signed list (2.23.136.1.1.2); how many. Errc::Denied: its signature is
    /// wrong, or no certificate that is already trusted vouches for its signer. Errc::Invalid: no
    /// master list.
    [[nodiscard]] Result<std::size_t> addMasterList(ByteView bytes);

    /// DER or PEM. Errc::Invalid: neither. Errc::Denied: no trusted certificate signed it.
    [[nodiscard]] Result<void> addRevocationList(ByteView bytes);

    [[nodiscard]] std::size_t count() const { return m_count; }
    /// "name: why", one for each file that was passed over.
    [[nodiscard]] const std::vector<std::string>& refused() const { return m_refused; }
    [[nodiscard]] x509_store_st* store() const;

private:
    struct Certificates;

    std::unique_ptr<Certificates> m_certificates;
    std::size_t m_count = 0;
    std::vector<std::string> m_refused;
};

} // namespace guichet::mrtd
