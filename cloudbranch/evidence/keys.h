// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "peripherals/base/cipher.h"

/// The keys on P-256 that evidence knows: whose eyes it is for, and who vouches for it. All are
/// thread-safe.
namespace guichet::evidence {

struct KeyPart;

/// The bank's public key: each track's data key is wrapped to it.
class RecipientKey {
public:
    /// A PEM public key (SubjectPublicKeyInfo). Fails with Errc::Invalid.
    [[nodiscard]] static Result<RecipientKey> fromPem(std::string_view pem);
    /// JWE compact serialisation, ECDH-ES with A256GCM (RFC 7516, 7518). Fails with Errc::Internal.
    [[nodiscard]] Result<std::string> wrap(const cipher::Key& dataKey) const;

private:
    explicit RecipientKey(std::shared_ptr<const KeyPart> key);
    std::shared_ptr<const KeyPart> m_key; ///< never changed; shared by the copies of this value
};

/// The bank's private key, in the hands of an auditor.
class AuditorKey {
public:
    /// A PEM private key without a password. Fails with Errc::Invalid.
    [[nodiscard]] static Result<AuditorKey> fromPem(const Secret<std::string>& pem);
    /// What RecipientKey::wrap made. Errc::Invalid: of another form. Errc::Denied: wrapped to
    /// another key, or changed.
    [[nodiscard]] Result<cipher::Key> unwrap(std::string_view wrapped) const;

private:
    explicit AuditorKey(std::shared_ptr<const KeyPart> key);
    std::shared_ptr<const KeyPart> m_key;
};

/// The terminal's private key, which vouches for the heads of a case's chains.
class SigningKey {
public:
    /// A PEM private key without a password. Fails with Errc::Invalid.
    [[nodiscard]] static Result<SigningKey> fromPem(const Secret<std::string>& pem);
    /// ECDSA with SHA-256 in DER, as base64url. Fails with Errc::Internal.
    [[nodiscard]] Result<std::string> sign(std::string_view text) const;

private:
    explicit SigningKey(std::shared_ptr<const KeyPart> key);
    std::shared_ptr<const KeyPart> m_key;
};

class VerifyingKey {
public:
    /// A PEM public key or certificate. Fails with Errc::Invalid.
    [[nodiscard]] static Result<VerifyingKey> fromPem(std::string_view pem);
    /// Whether the SigningKey of this key signed exactly `text`.
    [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

private:
    explicit VerifyingKey(std::shared_ptr<const KeyPart> key);
    std::shared_ptr<const KeyPart> m_key;
};

} // namespace guichet::evidence
