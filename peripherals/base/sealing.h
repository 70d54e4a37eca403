// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

/// What only the holder of a private key shall read: JWE compact serialisation, ECDH-ES with
/// A256GCM on P-256 (RFC 7516, 7518). Copies of a key share it. Thread-safe.
namespace guichet {

class SealingKey {
public:
    /// A PEM public key (SubjectPublicKeyInfo) on P-256. Fails with Errc::Invalid.
    [[nodiscard]] static Result<SealingKey> fromPem(std::string_view pem);
    /// Fails with Errc::NotFound or Errc::Invalid.
    [[nodiscard]] static Result<SealingKey> fromFile(const std::filesystem::path& file);

    /// Only the holder of the private key can read the result. Fails with Errc::Internal.
    [[nodiscard]] Result<std::string> seal(ByteView plain) const;
    [[nodiscard]] Result<std::string> seal(const Secret<std::string>& plain) const
    {
        return seal(asBytes(plain.reveal()));
    }

private:
    struct Key;
    explicit SealingKey(std::shared_ptr<const Key> key);
    std::shared_ptr<const Key> m_key;
};

/// The other end.
class OpeningKey {
public:
    /// For one process to get what another one read: made here, it never leaves. Fails with
    /// Errc::Internal.
    [[nodiscard]] static Result<OpeningKey> generate();
    /// A PEM private key on P-256 without a password. Fails with Errc::Invalid.
    [[nodiscard]] static Result<OpeningKey> fromPem(const Secret<std::string>& pem);

    /// For SealingKey::fromPem.
    [[nodiscard]] Result<std::string> publicPem() const;
    /// What SealingKey::seal made. Errc::Invalid: of another form. Errc::Denied: sealed to another
    /// key, or changed.
    [[nodiscard]] Result<Secret<std::string>> open(std::string_view sealed) const;

private:
    struct Key;
    explicit OpeningKey(std::shared_ptr<const Key> key);
    std::shared_ptr<const Key> m_key;
};

} // namespace guichet
