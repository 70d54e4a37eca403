// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

/// Sealing of card data to the bank: JWE compact serialisation, ECDH-ES with A256GCM on P-256.
namespace guichet::host {

class SealingKey {
public:
    /// A PEM public key (SubjectPublicKeyInfo) on P-256. Fails with Errc::Invalid.
    [[nodiscard]] static Result<SealingKey> fromPem(std::string_view pem);
    /// Fails with Errc::NotFound or Errc::Invalid.
    [[nodiscard]] static Result<SealingKey> fromFile(const std::filesystem::path& file);

    SealingKey(SealingKey&&) noexcept;
    SealingKey& operator=(SealingKey&&) noexcept;
    ~SealingKey();

    /// Only the holder of the private key can read the result. Fails with Errc::Internal.
    [[nodiscard]] Result<std::string> seal(const Secret<std::string>& plain) const;

private:
    struct Key;
    explicit SealingKey(std::unique_ptr<Key> key);
    std::unique_ptr<Key> m_key;
};

/// The other end, for one process to get what another one read: the private key is made here and
/// never leaves.
class OpeningKey {
public:
    /// Fails with Errc::Internal.
    [[nodiscard]] static Result<OpeningKey> generate();

    OpeningKey(OpeningKey&&) noexcept;
    OpeningKey& operator=(OpeningKey&&) noexcept;
    ~OpeningKey();

    /// For SealingKey::fromPem.
    [[nodiscard]] Result<std::string> publicPem() const;
    /// What SealingKey::seal made. Errc::Invalid: of another form. Errc::Denied: sealed to another
    /// key, or changed.
    [[nodiscard]] Result<Secret<std::string>> open(std::string_view sealed) const;

private:
    struct Key;
    explicit OpeningKey(std::unique_ptr<Key> key);
    std::unique_ptr<Key> m_key;
};

/// Makes a key pair for the demo if `folder` has none: bank-demo.pem (private, mode 600) and
/// bank-demo.pub.pem, whose path is returned. Fails with Errc::Denied.
[[nodiscard]] Result<std::filesystem::path> demoSealingKey(const std::filesystem::path& folder);

} // namespace guichet::host
