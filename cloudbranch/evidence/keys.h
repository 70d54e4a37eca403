// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

/// The keys on P-256 of whoever vouches for evidence. Thread-safe. Whose eyes it is for:
/// peripherals/base/sealing.h.
namespace guichet::evidence {

struct KeyPart;

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
