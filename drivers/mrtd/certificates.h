// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <optional>
#include <string>

#include <openssl/cms.h>
#include <openssl/x509.h>

#include "drivers/mrtd/check.h"
#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

/// Certificates of states and their signers (Doc 9303-12) on OpenSSL. For this folder's own files
/// only.
namespace guichet::mrtd {

using Certificate = UniqueHandle<X509*, X509_free>;
using Store = UniqueHandle<X509_STORE*, X509_STORE_free>;

using RevocationList = UniqueHandle<X509_CRL*, X509_CRL_free>;

/// DER or PEM; null if it is neither.
[[nodiscard]] Certificate parseCertificate(ByteView bytes);
[[nodiscard]] RevocationList parseRevocationList(ByteView bytes);

/// Upper-case C of the subject; empty if it has none.
[[nodiscard]] std::string countryOf(const X509* certificate);

/// A message that was signed by exactly one signer, whose certificate is inside.
struct SignedBy {
    Check signature;
    X509* signer = nullptr;          ///< owned by the message; null: not to be told
    std::optional<std::time_t> time; ///< said by the signer; else the start of its certificate
};
[[nodiscard]] SignedBy verifySignature(CMS_ContentInfo* message);

struct Chain {
    Check check;
    std::string rootCountry; ///< empty unless passed
};

/// From a signer to a certificate of the store, all valid at that time and not withdrawn since by a
/// list in the store. A missing root is "not checked", anything wrong is "failed".
[[nodiscard]] Chain verifyChain(X509_STORE* store, X509* signer, std::time_t when);

} // namespace guichet::mrtd
