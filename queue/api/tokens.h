// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

namespace guichet::queue::api {

/// SHA-256 in hexadecimal; what is kept of a token.
[[nodiscard]] std::string tokenHash(std::string_view token);

/// Makes the customers' tokens from the visits' ids and a key that only the hub has: a repeated
/// create gives the same token, and a token names its visit, although none is stored. Thread-safe.
class VisitTokens {
public:
    explicit VisitTokens(Secret<Bytes> key)
        : m_key(std::move(key))
    {
    }
    /// Reads the key from a file that only its owner can read, or makes it. Fails with Errc::Busy
    /// (cannot write) or Invalid (not a key).
    [[nodiscard]] static Result<VisitTokens> open(const std::filesystem::path& file);

    /// The visit's UUID and 128 bits that only the key gives, in base64url. Empty if `visit` is not
    /// a UUID in lower case.
    [[nodiscard]] std::string make(std::string_view visit) const;
    /// The visit of a token that this key made.
    [[nodiscard]] std::optional<std::string> visitOf(std::string_view token) const;

    /// What the QR code of a visit or an appointment says to a terminal: "GT1:" and base45 of
    /// version, key number, UUID and 128 bits that only the key gives. Empty as in make().
    [[nodiscard]] std::string makeCode(std::string_view visit) const;
    /// The visit of such a code, or of an address that ends in "/t/TOKEN"; nothing if it was not
    /// made with this key. The address is never opened.
    [[nodiscard]] std::optional<std::string> visitOfCode(std::string_view code) const;

private:
    [[nodiscard]] Bytes seal(std::string_view purpose, std::string_view visit) const;

    Secret<Bytes> m_key;
};

} // namespace guichet::queue::api
